import { useEffect } from 'react';

/** The title of the page, which screen readers say and tabs show. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    if (title) document.title = `${title} · Evently`;
  }, [title]);
}
