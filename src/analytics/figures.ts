import type { Totals } from './analytics.repository.js';
import type { Figures, PlaceFigures } from './analytics.schemas.js';
import type { Period } from './period.rules.js';
import { COUNTERS, type Counter } from './tally.js';

/** Share rounded to ten thousandths. */
export const share = (part: number, whole: number): number | null =>
  whole > 0 ? Math.round((part / whole) * 10_000) / 10_000 : null;

export const moneyOf = ({ currency, gross, refunded }: Pick<Totals, 'currency' | 'gross' | 'refunded'>) => ({
  currency,
  gross,
  refunded,
  net: gross - refunded,
});

const openOf = ({ holds, orders, released, expired, undone }: Record<Counter, number>): number =>
  holds - orders - released - expired - undone;

const waitingOf = ({ joined, accepted, declined, missed, gone, closed }: Record<Counter, number>): number =>
  joined - accepted - declined - missed - gone - closed;

/** @param totals by currency; money is not added up */
export function figuresOf({ from, to }: Period, totals: readonly Totals[]): Figures {
  const all = Object.fromEntries(
    COUNTERS.map((counter) => [counter, totals.reduce((sum, one) => sum + one[counter], 0)]),
  ) as Record<Counter, number>;
  const { holds, released, expired, undone, orders, tickets, cancelled, returned, refunds } = all;
  const { joined, wanted, offered, accepted, declined, missed, gone, closed } = all;
  return {
    from: from ?? null,
    to: to ?? null,
    holds,
    open: openOf(all),
    released,
    expired,
    uncaptured: undone,
    orders,
    conversion: share(orders, holds),
    tickets,
    cancelled,
    cancellationRate: share(cancelled, tickets),
    returned,
    refunds,
    revenue: totals.map(moneyOf),
    waitlist: {
      joined,
      wanted,
      offered,
      accepted,
      declined,
      missed,
      gone,
      closed,
      waiting: waitingOf(all),
    },
  };
}

export function placeOf({
  capacity,
  blocked,
  valid,
}: {
  capacity: number;
  blocked: number;
  valid: number;
}): PlaceFigures {
  const sellable = capacity - blocked;
  return { capacity, blocked, sellable, valid, utilization: share(valid, sellable) };
}

export const numbersOf = (row: Totals & { eventId: string; valid: number; sellable: number }) => ({
  eventId: row.eventId,
  ...moneyOf(row),
  holds: row.holds,
  open: openOf(row),
  orders: row.orders,
  tickets: row.tickets,
  cancelled: row.cancelled,
  waiting: waitingOf(row),
  valid: row.valid,
  sellable: row.sellable,
  utilization: share(row.valid, row.sellable),
});
