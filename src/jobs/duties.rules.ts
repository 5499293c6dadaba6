import type { Config } from '../config/config.js';

/** What a replica does without being asked. */
export const DUTIES = ['jobs', 'facts', 'sagas', 'mail', 'webhooks', 'waitlist', 'sweeping'] as const;
export type Duty = (typeof DUTIES)[number];

type Settings = Pick<Config, 'role' | 'sagaWorker' | 'waitlistWorker' | 'sweeper'>;

/** The one place that decides which of them are this replica's. */
export function dutiesOf({ role, sagaWorker, waitlistWorker, sweeper }: Settings): ReadonlySet<Duty> {
  if (role === 'api') return new Set();
  const off: Partial<Record<Duty, boolean>> = {
    sagas: !sagaWorker,
    waitlist: !waitlistWorker,
    sweeping: !sweeper,
  };
  return new Set(DUTIES.filter((duty) => !off[duty]));
}
