import { useSyncExternalStore } from 'react';
import { keep, kept } from './storage.js';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'evently.theme';
const listeners = new Set<() => void>();
const dark = matchMedia('(prefers-color-scheme: dark)');

const isTheme = (value: string | null): value is Theme => THEMES.includes(value as Theme);

let chosen: Theme = 'system';

function apply(): void {
  if (chosen === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  for (const listener of listeners) listener();
}

/** As the address says (`?theme=`), or as chosen before; the system's otherwise. */
export function startTheme(): void {
  const asked = [new URLSearchParams(location.search).get('theme'), kept(KEY)];
  chosen = asked.find(isTheme) ?? 'system';
  dark.addEventListener('change', apply);
  apply();
}

export function setTheme(theme: Theme): void {
  chosen = theme;
  keep(KEY, theme);
  apply();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useTheme = (): Theme => useSyncExternalStore(subscribe, () => chosen);

/** Told whenever colours change. */
export const onThemeChange = subscribe;

const isDark = () => (chosen === 'system' ? dark.matches : chosen === 'dark');
export const useDark = (): boolean => useSyncExternalStore(subscribe, isDark);
