/** Languages that Evently writes to people in. */
export const LOCALES = ['en', 'de'] as const;
export type Locale = (typeof LOCALES)[number];

/** The first known language of an `Accept-Language` header; English when there is none. */
export function localeOf(acceptLanguage: string | undefined): Locale {
  const asked = (acceptLanguage ?? '')
    .split(',')
    .map((entry) => {
      const [tag, ...parameters] = entry.trim().split(';');
      const q = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find(Boolean);
      return { language: tag!.split('-')[0]!.toLowerCase(), q: q === undefined ? 1 : Number(q) };
    })
    .filter(({ q }) => q > 0)
    .toSorted((a, b) => b.q - a.q);
  const known = asked.find(({ language }) => (LOCALES as readonly string[]).includes(language));
  return (known?.language as Locale | undefined) ?? 'en';
}

const REGIONS: Record<Locale, string> = { en: 'en-GB', de: 'de-DE' };

/** Date and time of an event where it happens, with the zone: `Saturday 1 August 2026 at 20:00 CEST`. */
export const formatInstant = (at: Date, timeZone: string, locale: Locale): string =>
  new Intl.DateTimeFormat(REGIONS[locale], {
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
  const format = new Intl.NumberFormat(REGIONS[locale], { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(minorUnits / 10 ** digits);
}
