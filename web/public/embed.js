// <script src="https://HOST/embed.js" data-event="EVENT_ID"></script> shows the seats of that event where it stands.
// Optional: data-lang="de", data-theme="dark", data-height="520", data-accent="#8b1e3f" (dark enough for white text),
// data-ground="transparent" (give data-theme as well, so that its text fits the page).
(() => {
  const script = document.currentScript;
  const { event, lang, theme, height, accent, ground } = script.dataset;
  if (!event) {
    console.error('embed.js: data-event is missing');
    return;
  }
  const origin = new URL(script.src).origin;
  const address = new URL(`/embed/${encodeURIComponent(event)}`, origin);
  if (lang) address.searchParams.set('lang', lang);
  if (theme) address.searchParams.set('theme', theme);
  if (accent) address.searchParams.set('accent', accent);
  if (ground) address.searchParams.set('ground', ground);
  const frame = document.createElement('iframe');
  frame.src = address.href;
  frame.title = lang === 'de' ? 'Sitzplan' : 'Seat map';
  frame.loading = 'lazy';
  frame.style.cssText = `width:100%;border:0;display:block;height:${Number(height) || 560}px`;
  // Browsers paint a ground of their own behind a frame whose colour scheme is another one.
  if (theme) frame.style.colorScheme = theme;
  frame.allow = 'fullscreen';
  addEventListener('message', ({ source, origin: from, data }) => {
    if (source !== frame.contentWindow || from !== origin || data?.type !== 'evently:height') return;
    if (!height && data.height > 0) frame.style.height = `${Math.min(2000, Math.ceil(data.height))}px`;
  });
  script.after(frame);
})();
