import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { keep, kept } from '../storage.js';
import { de } from './de.js';
import { en } from './en.js';

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

const KEY = 'evently.language';
const isLanguage = (value: string | null | undefined): value is Language =>
  value != null && value in LANGUAGES;

/** The first that is known: of the address (`?lang=`), chosen before, of the browser. */
function firstLanguage(): Language {
  const asked = [
    new URLSearchParams(location.search).get('lang'),
    kept(KEY),
    ...navigator.languages.map((tag) => tag.slice(0, 2)),
  ];
  return asked.find(isLanguage) ?? 'en';
}

export const language = (): Language => i18next.language as Language;

export function setLanguage(chosen: Language): void {
  keep(KEY, chosen);
  void i18next.changeLanguage(chosen);
}

const tell = (chosen: string) => {
  document.documentElement.lang = chosen;
};

export async function startI18n(): Promise<void> {
  i18next.on('languageChanged', tell);
  await i18next.use(initReactI18next).init({
    resources: { en: { translation: en }, de: { translation: de } },
    lng: firstLanguage(),
    fallbackLng: 'en',
    // React escapes.
    interpolation: { escapeValue: false },
  });
  tell(i18next.language);
}
