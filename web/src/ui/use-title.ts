import { useEffect } from 'react';
import { useHouse } from '../house/house.js';
import { setPageTitle } from './title.js';

/** The title of the page, which screen readers say and tabs show: the narrowest part first. */
export function useTitle(title: string | undefined, area?: string): void {
  const { name } = useHouse();
  useEffect(() => {
    if (title) setPageTitle([title, area, name].filter(Boolean).join(' · '));
  }, [title, area, name]);
}
