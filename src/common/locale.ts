/** The languages in which people are written to. */
export const LOCALES = ['en', 'de'] as const;
export type Locale = (typeof LOCALES)[number];
export const DEFAULT_LOCALE: Locale = 'en';

/** The language that a person's `Accept-Language` likes best; English where none of ours is in it. */
export function preferredLocale(accepted = ''): Locale {
  const wishes = accepted.split(',').map((wish) => {
    const [tag = '', ...parameters] = wish.trim().toLowerCase().split(';');
    const weight = parameters.map((p) => /^\s*q=([\d.]+)\s*$/.exec(p)?.[1]).find((q) => q !== undefined);
    return { locale: LOCALES.find((locale) => locale === tag.split('-')[0]), weight: Number(weight ?? 1) };
  });
  const known = wishes.filter(({ locale, weight }) => locale !== undefined && weight > 0);
  return known.sort((a, b) => b.weight - a.weight)[0]?.locale ?? DEFAULT_LOCALE;
}

/** Day and time at a place, with the name of its zone: people travel. */
export const formatMoment = (at: Date, timeZone: string, locale: Locale): string =>
  new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  }).format(at);

/** @param amount in minor units, of which a currency has 0, 2 or 3 digits */
export function formatMoney(amount: number, currency: string, locale: Locale): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits!);
}
