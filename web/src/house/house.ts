import type { Schemas } from '../api.js';

export const LEGAL_PAGES = ['imprint', 'privacy', 'terms'] as const;

const NONE = { de: null, en: null };
const UNNAMED: Schemas['House'] = {
  name: 'Evently',
  accent: null,
  links: [],
  vat: NONE,
  pages: [],
  logo: null,
  version: 1,
};

/** Who sells here, as the server has written it into the page; Vite's own server writes nothing. */
export const house: Schemas['House'] =
  JSON.parse(document.getElementById('house')?.textContent ?? 'null') ?? UNNAMED;

/** In the reader's language, or in the other one where there is no other text. */
export const inLanguage = (
  text: { readonly de: string | null; readonly en: string | null },
  language: 'de' | 'en',
): string | null => text[language] ?? text.de ?? text.en;
