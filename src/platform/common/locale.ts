import { minorDigits, moneyFormat } from './currencies.js';

/** Languages that Evently writes to people in. */
export const LOCALES = ['en', 'de'] as const;
export type Locale = (typeof LOCALES)[number];

const REGIONS: Record<Locale, string> = { en: 'en-GB', de: 'de-DE' };

const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** Formats are kept: making one takes longer than using it a hundred times. */
export function dateFormat(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = dateFormats.get(key) ?? new Intl.DateTimeFormat(REGIONS[locale], options);
  dateFormats.set(key, known);
  return known;
}

/** Date and time of an event where it happens, with the zone: `Saturday 1 August 2026 at 20:00 CEST`. */
export const formatInstant = (at: Date, timeZone: string, locale: Locale): string =>
  dateFormat(locale, {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(at);

/** Minor units as people write them: `€20.00`. */
export function formatMoney(minorUnits: number, currency: string, locale: Locale): string {
  return moneyFormat(REGIONS[locale], currency).format(minorUnits / 10 ** minorDigits(currency));
}
