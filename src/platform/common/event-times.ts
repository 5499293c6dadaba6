import { dateFormat, formatInstant, type Locale } from './locale.js';

/** Times of an event for people: printed on tickets, in mails and calendars, and on the pages of the web app. */
export interface EventTimes {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly timezone: string;
}

const UNTIL: Record<Locale, string> = { en: 'until', de: 'bis' };
const DAY_MS = 86_400_000;
const NOON = 12;

/** `Friday, 4 June 2027 at 18:00 CEST until Sunday, 6 June, 23:00`. */
export const formatEventTimes = (times: EventTimes, locale: Locale): string =>
  `${formatInstant(times.startsAt, times.timezone, locale)} ${formatEnd(times, locale)}`;

/**
 * The end with its day: `until Sunday, 6 June, 23:00`. A time alone where the day is clear: on the same day, or in the
 * night after it. With the zone where the clocks change in between.
 */
export function formatEnd({ startsAt, endsAt, timezone: timeZone }: EventTimes, locale: Locale): string {
  const zoneAt = (at: Date) => nameOfZone(at, timeZone, locale);
  const time = dateFormat(locale, {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    ...(zoneAt(startsAt) !== zoneAt(endsAt) && { timeZoneName: 'short' }),
  }).format(endsAt);
  const day = endsOnAnotherDay({ startsAt, endsAt, timezone: timeZone })
    ? `${dayOf(endsAt, startsAt, timeZone, locale)}, `
    : '';
  return `${UNTIL[locale]} ${day}${time}`;
}

/** Start, and the last day of an event of several: `Fri 4 Jun, 18:00 – Sun 6 Jun`. */
export function formatShortTimes(times: EventTimes, locale: Locale): string {
  const day = { timeZone: times.timezone, weekday: 'short', day: 'numeric', month: 'short' } as const;
  const start = dateFormat(locale, { ...day, hour: '2-digit', minute: '2-digit' }).format(times.startsAt);
  return endsOnAnotherDay(times) ? `${start} – ${dateFormat(locale, day).format(times.endsAt)}` : start;
}

interface Doors {
  readonly doorsAt: Date;
  readonly startsAt: Date;
  readonly timezone: string;
}

/** `18:00`; with its day where doors open on the day before: `Thu 3 Jun, 23:00`. */
export function formatDoors({ doorsAt, startsAt, timezone: timeZone }: Doors, locale: Locale): string {
  const sameDay = dateThere(doorsAt, timeZone).getTime() === dateThere(startsAt, timeZone).getTime();
  const day = { weekday: 'short', day: 'numeric', month: 'short' } as const;
  return dateFormat(locale, {
    timeZone,
    ...(!sameDay && day),
    hour: '2-digit',
    minute: '2-digit',
  }).format(doorsAt);
}

/** A night that ends before noon belongs to the day on which it began. */
function endsOnAnotherDay({ startsAt, endsAt, timezone }: EventTimes): boolean {
  const days = (dateThere(endsAt, timezone).getTime() - dateThere(startsAt, timezone).getTime()) / DAY_MS;
  return days > 1 || (days === 1 && hourThere(endsAt, timezone) >= NOON);
}

function dayOf(at: Date, startsAt: Date, timeZone: string, locale: Locale): string {
  const year =
    dateThere(at, timeZone).getUTCFullYear() === dateThere(startsAt, timeZone).getUTCFullYear()
      ? undefined
      : 'numeric';
  const weekday = dateFormat(locale, { timeZone, weekday: 'long' }).format(at);
  return `${weekday}, ${dateFormat(locale, { timeZone, day: 'numeric', month: 'long', year }).format(at)}`;
}

const part = (at: Date, options: Intl.DateTimeFormatOptions, type: Intl.DateTimeFormatPartTypes): string =>
  dateFormat('en', options)
    .formatToParts(at)
    .find((found) => found.type === type)!.value;

/** Midnight UTC of the date that the calendar at the place shows. */
function dateThere(at: Date, timeZone: string): Date {
  const options = { timeZone, year: 'numeric', month: 'numeric', day: 'numeric' } as const;
  const number = (type: 'year' | 'month' | 'day') => Number(part(at, options, type));
  return new Date(Date.UTC(number('year'), number('month') - 1, number('day')));
}

const hourThere = (at: Date, timeZone: string): number =>
  Number(part(at, { timeZone, hour: 'numeric', hourCycle: 'h23' }, 'hour'));

const nameOfZone = (at: Date, timeZone: string, locale: Locale): string =>
  dateFormat(locale, { timeZone, timeZoneName: 'short' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')!.value;
