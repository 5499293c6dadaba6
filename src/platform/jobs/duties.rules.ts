import type { Config } from '../config/config.js';

/** Background work of a replica. */
export const DUTIES = ['jobs', 'facts', 'sagas', 'mail', 'webhooks', 'waitlist', 'sweeping'] as const;
export type Duty = (typeof DUTIES)[number];

/** The settings that decide it. */
export interface DutySettings {
  readonly role: Config['role'];
  readonly sagas: Pick<Config['sagas'], 'worker'>;
  readonly waitlist: Pick<Config['waitlist'], 'worker'>;
  readonly inventory: Pick<Config['inventory'], 'sweeper'>;
}

/** The one place that decides which of them are this replica's. */
export function dutiesOf({ role, sagas, waitlist, inventory }: DutySettings): ReadonlySet<Duty> {
  if (role === 'api') return new Set();
  const off: Partial<Record<Duty, boolean>> = {
    sagas: !sagas.worker,
    waitlist: !waitlist.worker,
    sweeping: !inventory.sweeper,
  };
  return new Set(DUTIES.filter((duty) => !off[duty]));
}
