/** Times that people look for, by their first and last day. */
export const SPANS = ['today', 'weekend', 'week', 'month'] as const;
export type Span = (typeof SPANS)[number];

const SATURDAY = 6;

/** The day that the clock here shows, as an input for dates has it: `2027-09-04`. */
export const dayOf = (at: Date): string =>
  [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => `${part}`.padStart(2, '0')).join('-');

/** First and last day of a span, none before today: on a Sunday only that day is left of the weekend. */
export function daysOf(span: Span, now: Date): { from: string; to: string } {
  const after = (days: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
  const weekday = now.getDay() || SATURDAY + 1;
  const [first, last] = {
    today: [after(0), after(0)],
    weekend: [after(Math.max(0, SATURDAY - weekday)), after(SATURDAY + 1 - weekday)],
    week: [after(0), after(6)],
    month: [after(0), new Date(now.getFullYear(), now.getMonth() + 1, 0)],
  }[span] as [Date, Date];
  return { from: dayOf(first), to: dayOf(last) };
}
