/** Length of a slot of the graph; a quarter of an hour. */
export const SLOT_MS = 15 * 60_000;
/** Slots of the graph: twelve hours. */
export const SLOTS = 48;

/** Counters of one moment, since the start of the process. */
export interface Reading {
  readonly refused: number;
  /** Answers by the upper end of their bucket in seconds, ascending and cumulative; the last end is infinite. */
  readonly answers: readonly (readonly [end: number, count: number])[];
}

export const slotOf = (ms: number): number => Math.floor(ms / SLOT_MS) * SLOT_MS;

/** Difference of two readings. */
export const since = (before: Reading | undefined, now: Reading): Reading => ({
  refused: now.refused - (before?.refused ?? 0),
  answers: now.answers.map(([end, count], index) => [end, count - (before?.answers[index]?.[1] ?? 0)]),
});

/** Two spans of time as one. */
export const together = (one: Reading | undefined, other: Reading): Reading => ({
  refused: other.refused + (one?.refused ?? 0),
  answers: other.answers.map(([end, count], index) => [end, count + (one?.answers[index]?.[1] ?? 0)]),
});

export const requestsIn = ({ answers }: Reading): number => answers.at(-1)?.[1] ?? 0;

/**
 * Milliseconds within which this share of the answers came, as Prometheus reckons it: in proportion within a bucket, and the
 * last finite end for what is beyond it. Null when nobody asked.
 */
export function quantileMs(answers: Reading['answers'], share: number): number | null {
  const total = answers.at(-1)?.[1] ?? 0;
  if (total === 0) return null;
  const rank = total * share;
  const at = answers.findIndex(([, count]) => count >= rank);
  const [from, below] = answers[at - 1] ?? [0, 0];
  const [to, count] = answers[at]!;
  if (!Number.isFinite(to)) return from * 1000;
  return Math.round((from + (to - from) * ((rank - below) / (count - below))) * 1000);
}
