import { useEffect, useLayoutEffect, useRef } from 'react';
import { useLocation, useNavigationType } from 'react-router';

/** How long a page may take to show its heading. */
const PATIENCE_MS = 5_000;

const positions = new Map<string, number>();

/**
 * After a change of the page: its heading takes the focus, so that screen readers say it and the Tab key goes on from
 * there; the page begins at its top, or where it was left when somebody comes back.
 */
export function useArrival(): void {
  const { pathname, key } = useLocation();
  const type = useNavigationType();
  const last = useRef(pathname);
  useLayoutEffect(() => {
    history.scrollRestoration = 'manual';
    const keep = () => positions.set(key, scrollY);
    addEventListener('scroll', keep);
    return () => removeEventListener('scroll', keep);
  }, [key]);
  useLayoutEffect(() => {
    if (type === 'POP') scrollTo(0, positions.get(key) ?? 0);
    else if (last.current !== pathname) scrollTo(0, 0);
  }, [key, type, pathname]);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    return focusHeading();
  }, [pathname]);
}

/** @returns ends the wait for a heading that is not there yet */
function focusHeading(): () => void {
  const main = document.getElementById('main')!;
  const watch = new MutationObserver(take);
  const timer = setTimeout(end, PATIENCE_MS);
  function take(): void {
    const heading = main.querySelector('h1');
    // A page may have a better place for the focus, and somebody may be faster than the page.
    const taken = document.activeElement !== main && main.contains(document.activeElement);
    if (!heading && !taken) return;
    end();
    if (!heading || taken) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
  function end(): void {
    clearTimeout(timer);
    watch.disconnect();
  }
  watch.observe(main, { childList: true, subtree: true });
  take();
  return end;
}
