const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Share of a day's sales by hour of the day: little at night, most in the evening. */
const HOURS = [1, 0, 0, 0, 0, 1, 2, 3, 4, 5, 5, 5, 6, 6, 5, 5, 6, 7, 9, 12, 13, 11, 7, 3];

/**
 * Instants at which tickets are sold: a rush on the first days, then a quiet time that livens up toward the end, more on
 * some days than on others, and most in the evening.
 * @returns `count` instants between `days` before `end` and `end`, in order
 */
export function saleTimes(count: number, days: number, end: number): number[] {
  const weights = Array.from({ length: days }, (_, day) => {
    const opening = 6 * Math.exp(-day / 1.5);
    const lastDays = 1.5 * Math.exp(-(days - day) / 5);
    return (1 + opening + lastDays) * (0.5 + Math.random());
  });
  const times = Array.from({ length: count }, () => {
    const hour = pick(HOURS) * HOUR + Math.random() * HOUR;
    return end - days * DAY + pick(weights) * DAY + hour;
  });
  // An hour of the last day may be still to come.
  return times.map((time) => (time < end ? time : time - DAY)).sort((a, b) => a - b);
}

/** An index, each as often as its weight says. */
export function pick(weights: readonly number[]): number {
  let left = Math.random() * weights.reduce((sum, weight) => sum + weight, 0);
  const found = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  return found < 0 ? weights.length - 1 : found;
}
