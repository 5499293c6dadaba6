const DAY = 86_400_000;

/** Whole days at the place of each event, both included; undefined: no end on that side. */
export interface Period {
  readonly from?: string;
  readonly to?: string;
}

export type ClosedPeriod = Required<Period>;

export const isClosed = (period: Period): period is ClosedPeriod =>
  period.from !== undefined && period.to !== undefined;

export const daysOf = ({ from, to }: ClosedPeriod): number => (Date.parse(to) - Date.parse(from)) / DAY + 1;

const plus = (day: string, days: number) => new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);

/** Period of as many days right before this one; undefined when this one has no beginning or no end. */
export function before(period: Period): ClosedPeriod | undefined {
  if (!isClosed(period)) return undefined;
  const days = daysOf(period);
  return { from: plus(period.from, -days), to: plus(period.from, -1) };
}
