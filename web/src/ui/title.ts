let page = document.title;
let clock = '';

const show = () => {
  document.title = [clock, page].filter(Boolean).join(' · ');
};

/** The title of the page, without the clock before it. */
export function setPageTitle(title: string): void {
  page = title;
  show();
}

/** A clock before the title, for those who look at another tab; empty: none. */
export function setTitleClock(time: string): void {
  clock = time;
  show();
}
