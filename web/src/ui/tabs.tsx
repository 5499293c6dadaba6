import { type ReactNode, useEffect, useRef } from 'react';
import { useLocation } from 'react-router';

/** Links to pages that belong together. On a phone they are wider than the screen: the one of this page is brought into it. */
export function Tabs({ label, children }: { label: string; children: ReactNode }) {
  const list = useRef<HTMLDivElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page has another link
  useEffect(() => {
    const link = list.current!.querySelector<HTMLElement>('[aria-current="page"]');
    if (link)
      list.current!.scrollLeft = link.offsetLeft + link.offsetWidth / 2 - list.current!.clientWidth / 2;
  }, [pathname]);
  return (
    <nav className="tabs" aria-label={label}>
      <div ref={list}>{children}</div>
    </nav>
  );
}
