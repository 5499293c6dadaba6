import { dayIn } from '../zoned.js';

export interface Period {
  /** Days at the place of the event, both included. */
  readonly from: string;
  readonly to: string;
}

export const SPANS = [1, 7, 30, 90] as const;

export const lastDays = (timeZone: string, days: number): Period => ({
  from: dayIn(timeZone, 1 - days),
  to: dayIn(timeZone),
});

/** Hours of more days than this would be too many bars. */
const HOURLY_DAYS = 7;
export const canBeHourly = ({ from, to }: Period): boolean =>
  Date.parse(to) - Date.parse(from) < HOURLY_DAYS * 86_400_000;
