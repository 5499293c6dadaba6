import { useSyncExternalStore } from 'react';
import { keep, kept } from '../storage.js';
import type { en } from './en.js';

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

/** `area.text` of every text; the forms of a plural, `text_one` and `text_other`, are one. */
type Key<Texts, Area extends string = ''> = {
  [Name in keyof Texts & string]: Texts[Name] extends string
    ? `${Area}${Name extends `${infer Stem}_${'one' | 'other'}` ? Stem : Name}`
    : Key<Texts[Name], `${Area}${Name}.`>;
}[keyof Texts & string];

type Values = Readonly<Record<string, string | number | undefined>>;
export type Texts = { readonly [name: string]: string | Texts };
type Text = string | Texts | undefined;

/** The text of a key in the language that is chosen, with values for its holes; `count` chooses the form of a plural. */
export type TFunction = (key: Key<typeof en>, values?: Values) => string;

interface Translation {
  readonly t: TFunction;
  readonly language: Language;
  readonly texts: Texts;
}

const KEY = 'evently.language';
/** One language is fetched; the other when somebody chooses it. */
const SHOP: Record<Language, () => Promise<{ default: Texts }>> = {
  en: () => import('./en.js?shop'),
  de: () => import('./de.js?shop'),
};
const DESK: typeof SHOP = {
  en: () => import('./en.js?desk'),
  de: () => import('./de.js?desk'),
};

let current: Translation;
let withDesk = false;
const listeners = new Set<() => void>();

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

const find = (texts: Text, key: string): Text =>
  key.split('.').reduce<Text>((found, name) => (typeof found === 'object' ? found[name] : undefined), texts);

function translation(language: Language, texts: Texts): Translation {
  const plurals = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  const t: TFunction = (key, values = {}) => {
    const form = typeof values.count === 'number' && find(texts, `${key}_${plurals.select(values.count)}`);
    return String(form || find(texts, key)).replace(/\{\{(\w+)(, number)?\}\}/g, (_, name, number) =>
      number ? numbers.format(values[name] as number) : String(values[name] ?? ''),
    );
  };
  return { t, language, texts };
}

async function change(language: Language): Promise<void> {
  const [{ default: shop }, desk] = await Promise.all([
    SHOP[language](),
    withDesk ? DESK[language]() : undefined,
  ]);
  const errors = Object.assign({}, shop.errors, desk?.default.errors);
  current = translation(language, { ...shop, ...desk?.default, errors });
  document.documentElement.lang = language;
  for (const listener of listeners) listener();
}

export const startI18n = (): Promise<void> => change(firstLanguage());

export function setLanguage(chosen: Language): Promise<void> {
  keep(KEY, chosen);
  return change(chosen);
}

/** Fetches the texts of desk and operator as well, from now on for each language. */
export async function addDeskTexts(): Promise<void> {
  if (withDesk) return;
  withDesk = true;
  try {
    await change(current.language);
  } catch (error) {
    withDesk = false;
    throw error;
  }
}

export const language = (): Language => current.language;

/** Outside of components. */
export const t: TFunction = (key, values) => current.t(key, values);

export const hasText = (key: string): boolean => find(current.texts, key) !== undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Texts for a component, which is shown anew when another language is chosen. */
export const useTranslation = (): Pick<Translation, 't' | 'language'> =>
  useSyncExternalStore(subscribe, () => current);
