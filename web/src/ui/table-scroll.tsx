import type { ReactNode } from 'react';

/** Around a table that may be wider than the screen: it is scrolled by keyboard, too. */
export function TableScroll({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached
    <section className="table-scroll" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
