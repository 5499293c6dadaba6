import type { Point } from './analytics.schemas.js';
import type { ClosedPeriod } from './period.rules.js';

type Row = Omit<Point, 'revenue'> & { currency: string; gross: number; refunded: number };

/**
 * Rows by time and currency, in order, as one point for each time.
 * @param days fills this period with the days that have no row
 */
export function pointsOf(rows: readonly Row[], days?: ClosedPeriod): Point[] {
  const points = new Map<string, Point>();
  for (const at of days ? eachDay(days) : [])
    points.set(at, { at, local: at, holds: 0, orders: 0, tickets: 0, returned: 0, revenue: [] });
  for (const { at, local, currency, gross, refunded, holds, orders, tickets, returned } of rows) {
    const point = points.get(at) ?? {
      at,
      local,
      holds: 0,
      orders: 0,
      tickets: 0,
      returned: 0,
      revenue: [],
    };
    points.set(at, {
      ...point,
      holds: point.holds + holds,
      orders: point.orders + orders,
      tickets: point.tickets + tickets,
      returned: point.returned + returned,
      revenue: [...point.revenue, { currency, gross, refunded, net: gross - refunded }],
    });
  }
  return [...points.values()];
}

function* eachDay({ from, to }: ClosedPeriod): Generator<string> {
  for (let at = Date.parse(from); at <= Date.parse(to); at += 86_400_000)
    yield new Date(at).toISOString().slice(0, 10);
}
