import { minorDigits, moneyFormat } from '../../src/platform/common/currencies.js';
import { categoryName as nameOfCategory } from '../../src/platform/common/event-categories.js';
import { formatEnd, formatShortTimes } from '../../src/platform/common/event-times.js';
import { formatInstant } from '../../src/platform/common/locale.js';
import { visitLine } from '../../src/platform/common/visit.js';
import type { Schemas } from './api.js';
import { language } from './i18n/index.js';

const REGIONS = { en: 'en-GB', de: 'de-DE' } as const;

type Options = Intl.NumberFormatOptions & Intl.DateTimeFormatOptions;
const formats = new Map<string, unknown>();

/** Formats are kept: making one takes a browser longer than using it a hundred times. */
function formatOf<Format>(Kind: new (region: string, options: Options) => Format, options: Options): Format {
  const region = REGIONS[language()];
  return kept(`${Kind.name} ${region} ${JSON.stringify(options)}`, () => new Kind(region, options));
}

function kept<Format>(key: string, make: () => Format): Format {
  const format = formats.get(key) ?? make();
  formats.set(key, format);
  return format as Format;
}

/** Minor units as people write them: `€20.00`. */
export function money(minorUnits: number, currency: string): string {
  const region = REGIONS[language()];
  const format = kept(`money ${region} ${currency}`, () => moneyFormat(region, currency));
  return format.format(minorUnits / 10 ** minorDigits(currency));
}

export const number = (value: number): string => formatOf(Intl.NumberFormat, {}).format(value);

const print = (iso: string, options: Intl.DateTimeFormatOptions) =>
  formatOf(Intl.DateTimeFormat, options).format(new Date(iso));

/** Where the event is: `Friday, 4 September 2027 at 19:00 CEST`. */
export const longDate = (iso: string, timeZone: string): string =>
  formatInstant(new Date(iso), timeZone, language());

interface EventTimes {
  readonly startsAt: string;
  readonly endsAt: string;
  readonly timezone: string;
}

const dated = ({ startsAt, endsAt, timezone }: EventTimes) => ({
  startsAt: new Date(startsAt),
  endsAt: new Date(endsAt),
  timezone,
});

/** `until 23:00`, with its day where it is another one. */
export const end = (event: EventTimes): string => formatEnd(dated(event), language());

/** Start and end: `Friday, 4 September 2027 at 19:00 CEST until 22:30`. */
export const longTimes = (event: EventTimes): string =>
  `${longDate(event.startsAt, event.timezone)} ${end(event)}`;

/** For lists: the start, and the last day where it is another one. */
export const shortTimes = (event: EventTimes): string => formatShortTimes(dated(event), language());

/** Doors, length and age: `Doors 18:00 · Duration 1 h 30 min · Age 16 and over`; empty where nothing is said. */
export const visit = (event: Schemas['Event']): string =>
  visitLine(
    {
      ...event,
      startsAt: new Date(event.startsAt),
      doorsAt: event.doorsAt === null ? null : new Date(event.doorsAt),
    },
    language(),
  );

export const shortDate = (iso: string, timeZone: string): string =>
  print(iso, {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });

export const timeOfDay = (iso: string, timeZone?: string): string =>
  print(iso, { timeZone, hour: '2-digit', minute: '2-digit' });

/** In the reader's own zone: when a booking was made, until when an offer stands. */
export const moment = (iso: string): string => print(iso, { dateStyle: 'medium', timeStyle: 'short' });

/** A day or an hour as the clocks of a place tell it, `2027-03-28` or `2027-03-28T03:00`: `28 Mar`, `28 Mar, 03:00`. */
export const clockTime = (local: string, year?: 'numeric'): string =>
  print(local.includes('T') ? `${local}Z` : local, {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'short',
    year,
    ...(local.includes('T') && { hour: '2-digit', minute: '2-digit' }),
  });

/** For a calendar leaf. */
export const dayAndMonth = (iso: string, timeZone: string) => ({
  day: print(iso, { timeZone, day: 'numeric' }).replace(/\D/g, ''),
  month: print(iso, { timeZone, month: 'short' }),
  weekday: print(iso, { timeZone, weekday: 'short' }),
});

/** True when a reader's clock shows another time than the clocks at the event. */
export const isElsewhere = (iso: string, timeZone: string): boolean =>
  timeOfDay(iso, timeZone) !== timeOfDay(iso) ||
  print(iso, { timeZone, day: 'numeric' }) !== print(iso, { day: 'numeric' });

/** A share of one: `12.5 %`. */
export const percent = (share: number): string =>
  formatOf(Intl.NumberFormat, { style: 'percent', maximumFractionDigits: 1 }).format(share);

/** Change as text, with its sign: `+12.5 %`. */
export const change = (share: number): string =>
  formatOf(Intl.NumberFormat, {
    style: 'percent',
    maximumFractionDigits: 1,
    signDisplay: 'exceptZero',
  }).format(share);

/** A kind of event in the language of this page, where there is a word for it. */
export const categoryName = (category: string): string => nameOfCategory(category, language());

/** Where this browser's clock is: `Europe/Berlin`. */
export const ownZone = (): string => formatOf(Intl.DateTimeFormat, {}).resolvedOptions().timeZone;

/** A time zone with the name that people give it: `Europe/Berlin, Central European Time`. */
export const zoneName = (timeZone: string): string => {
  const format = formatOf(Intl.DateTimeFormat, { timeZone, timeZoneName: 'longGeneric' });
  const name = format.formatToParts(new Date()).find(({ type }) => type === 'timeZoneName')?.value;
  return name ? `${timeZone}, ${name}` : timeZone;
};
