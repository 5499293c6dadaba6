import { formatDoors } from './event-times.js';
import type { Locale } from './locale.js';

/** Data of an event for those who come, beside its times; null: not said. */
export interface Visit {
  readonly startsAt: Date;
  readonly timezone: string;
  readonly doorsAt: Date | null;
  readonly durationMinutes: number | null;
  readonly minAge: number | null;
}

/** A caption with its text: `Doors`, `18:00`. */
export type VisitNote = readonly [caption: string, text: string];

interface Words {
  readonly doors: string;
  readonly duration: string;
  readonly hours: string;
  readonly minutes: string;
  readonly age: string;
  readonly fromAge: (years: number) => string;
}

const WORDS: Record<Locale, Words> = {
  en: {
    doors: 'Doors',
    duration: 'Duration',
    hours: 'h',
    minutes: 'min',
    age: 'Age',
    fromAge: (years) => `${years} and over`,
  },
  de: {
    doors: 'Einlass',
    duration: 'Dauer',
    hours: 'Std.',
    minutes: 'Min.',
    age: 'Alter',
    fromAge: (years) => (years === 1 ? 'ab 1 Jahr' : `ab ${years} Jahren`),
  },
};

/** Doors, length and age, as far as they are said, in this order: on pages, tickets, in mails and calendars. */
export function visitNotes(visit: Visit, locale: Locale): VisitNote[] {
  const { doors, duration, age, fromAge } = WORDS[locale];
  const { doorsAt, durationMinutes, minAge } = visit;
  return [
    ...(doorsAt ? [[doors, formatDoors({ ...visit, doorsAt }, locale)] as const] : []),
    ...(durationMinutes ? [[duration, formatDuration(durationMinutes, locale)] as const] : []),
    ...(minAge === null ? [] : [[age, fromAge(minAge)] as const]),
  ];
}

/** On one line: `Doors 18:00 · Duration 1 h 30 min · Age 16 and over`. */
export const visitLine = (visit: Visit, locale: Locale): string =>
  visitNotes(visit, locale)
    .map(([caption, text]) => `${caption} ${text}`)
    .join(' · ');

function formatDuration(minutes: number, locale: Locale): string {
  const { hours, minutes: min } = WORDS[locale];
  const parts = [
    [Math.floor(minutes / 60), hours],
    [minutes % 60, min],
  ] as const;
  // Numbers stay with their units at the end of a line.
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}\u00a0${unit}`)
    .join(' ');
}
