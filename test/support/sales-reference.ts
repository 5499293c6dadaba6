import type pg from 'pg';
import { SEAT } from '../../src/platform/common/seat-states.js';
import type { Json } from './client.js';

/**
 * The numbers of the analytics, slowly: from bookings, items, payments, refunds, seats and the waitlist as they are, knowing
 * nothing of facts and rollups. docs/ANALYTICS.md says what each is.
 */
export interface Which {
  readonly organizerId?: string;
  readonly eventId?: string;
  readonly from?: string;
  readonly to?: string;
}

/** A booking was sold when it was confirmed and its money, if it costs any, was not refused. */
const SALE = `sale AS (
  SELECT b.*, e.timezone, e.organizer_id, (b.created_at AT TIME ZONE e.timezone)::date AS day,
         CASE WHEN b.status IN ('held', 'paying') THEN 'open'
              WHEN b.status IN ('released', 'expired') THEN b.status
              WHEN b.total = 0 OR EXISTS (SELECT FROM payment p WHERE p.booking_id = b.id AND p.status = 'captured') THEN 'sold'
              ELSE 'uncaptured' END AS outcome
  FROM booking b JOIN event e ON e.id = b.event_id
), item AS (
  SELECT i.*, s.organizer_id, s.created_at, s.day FROM booking_item i JOIN sale s ON s.id = i.booking_id
  WHERE s.outcome = 'sold' AND i.status IN ('confirmed', 'cancelling', 'cancelled')
), back AS (
  SELECT r.*, e.organizer_id, (r.updated_at AT TIME ZONE e.timezone)::date AS day,
         CASE WHEN s.outcome = 'sold' THEN cardinality(r.items) ELSE 0 END AS tickets
  FROM refund r JOIN event e ON e.id = r.event_id JOIN sale s ON s.id = r.booking_id WHERE r.status = 'succeeded'
)`;

const among = (row: string, day = `${row}.day`) =>
  `($1::uuid IS NULL OR ${row}.organizer_id = $1) AND ($2::uuid IS NULL OR ${row}.event_id = $2)
   AND ($3::date IS NULL OR ${day} >= $3) AND ($4::date IS NULL OR ${day} <= $4)`;

const values = ({ organizerId, eventId, from, to }: Which) =>
  [organizerId, eventId, from, to].map((value) => value ?? null);

const share = (part: number, whole: number) =>
  whole > 0 ? Math.round((part / whole) * 10_000) / 10_000 : null;

/** As `current` of an answer. */
export async function referenceFigures(db: pg.Pool, which: Which): Promise<Json> {
  const { rows } = await db.query(
    `WITH ${SALE}, joined AS (
       SELECT w.*, e.organizer_id, (w.joined_at AT TIME ZONE e.timezone)::date AS day
       FROM waitlist_entry w JOIN event e ON e.id = w.event_id
     )
     SELECT s.*, i.*, b.*, w.* FROM (
       SELECT count(*)::int AS holds, count(*) FILTER (WHERE outcome = 'open')::int AS open,
         count(*) FILTER (WHERE outcome = 'released')::int AS released, count(*) FILTER (WHERE outcome = 'expired')::int AS expired,
         count(*) FILTER (WHERE outcome = 'uncaptured')::int AS uncaptured, count(*) FILTER (WHERE outcome = 'sold')::int AS orders
       FROM sale WHERE ${among('sale')}) s,
       (SELECT count(*)::int AS tickets, count(*) FILTER (WHERE status = 'cancelled')::int AS cancelled
        FROM item WHERE ${among('item')}) i,
       (SELECT coalesce(sum(tickets), 0)::int AS returned, count(*)::int AS refunds FROM back WHERE ${among('back')}) b,
       (SELECT json_build_object('joined', count(*), 'wanted', coalesce(sum(quantity), 0),
          'offered', count(booking_id),
          'accepted', count(*) FILTER (WHERE state = 'accepted'), 'declined', count(*) FILTER (WHERE state = 'declined'),
          'missed', count(*) FILTER (WHERE state = 'expired'), 'gone', count(*) FILTER (WHERE state = 'left'),
          'closed', count(*) FILTER (WHERE state = 'closed'),
          'waiting', count(*) FILTER (WHERE state IN ('waiting', 'offered'))) AS waitlist
        FROM joined WHERE ${among('joined')}) w`,
    values(which),
  );
  const { holds, orders, tickets, cancelled, ...rest } = rows[0];
  return {
    from: which.from ?? null,
    to: which.to ?? null,
    holds,
    orders,
    tickets,
    cancelled,
    ...rest,
    conversion: share(orders, holds),
    cancellationRate: share(cancelled, tickets),
    revenue: await referenceMoney(db, which),
  };
}

/** By currency, without those of which no money moved. */
export async function referenceMoney(db: pg.Pool, which: Which): Promise<Json[]> {
  const { rows } = await db.query(
    `WITH ${SALE}
     SELECT currency, sum(gross)::int AS gross, sum(refunded)::int AS refunded, sum(gross - refunded)::int AS net FROM (
       SELECT p.currency, p.amount AS gross, 0 AS refunded FROM payment p JOIN sale ON sale.id = p.booking_id
       WHERE p.status = 'captured' AND ${among('sale')}
       UNION ALL SELECT currency, 0, amount FROM back WHERE ${among('back')}
     ) money GROUP BY currency HAVING sum(gross) <> 0 OR sum(refunded) <> 0 ORDER BY currency`,
    values(which),
  );
  return rows;
}

/** As `sections` of an answer, without their names. */
export async function referencePlaces(db: pg.Pool, eventId: string): Promise<Json[]> {
  const { rows } = await db.query(
    `WITH ${SALE}, good AS (SELECT * FROM item WHERE event_id = $1 AND status <> 'cancelled'), place AS (
       SELECT 'section' AS kind, section AS no, count(*)::int AS capacity, count(*) FILTER (WHERE state = ${SEAT.BLOCKED})::int AS blocked,
              (SELECT count(*) FROM good JOIN seat g ON g.event_id = $1 AND g.n = good.n WHERE g.section = seat.section)::int AS valid
       FROM seat WHERE event_id = $1 GROUP BY section
       UNION ALL
       SELECT 'area', area, capacity, 0, (SELECT count(*) FROM good WHERE good.area = area.area)::int
       FROM area WHERE event_id = $1)
     SELECT kind, capacity, blocked, capacity - blocked AS sellable, valid FROM place ORDER BY kind = 'area', no`,
    [eventId],
  );
  return rows.map((row) => ({ ...row, utilization: share(row.valid, row.sellable) }));
}

/** The first minute after which as many tickets were good as can be sold now. */
export async function referenceSoldOut(db: pg.Pool, eventId: string): Promise<string | null> {
  const { rows } = await db.query(
    `WITH ${SALE}
     SELECT date_trunc('minute', at) AS minute, sum(change)::int AS change FROM (
       SELECT created_at AS at, 1 AS change FROM item WHERE event_id = $1
       UNION ALL SELECT updated_at, -tickets FROM back WHERE event_id = $1
     ) changes GROUP BY 1 ORDER BY 1`,
    [eventId],
  );
  const sellable = (await referencePlaces(db, eventId)).reduce((sum, place) => sum + place.sellable, 0);
  let good = 0;
  for (const { minute, change } of rows) {
    good += change;
    if (good >= sellable) return sellable > 0 ? minute.toISOString() : null;
  }
  return null;
}

/** As `causes` of an answer. */
export async function referenceCauses(db: pg.Pool, which: Which): Promise<Json[]> {
  const { rows } = await db.query(
    `WITH ${SALE}
     SELECT cause, currency, count(*)::int AS refunds, sum(tickets)::int AS returned, sum(amount)::int AS refunded
     FROM back WHERE ${among('back')} GROUP BY cause, currency ORDER BY cause, currency`,
    values(which),
  );
  return rows;
}

/** As `data` of popular, in no order. */
export async function referencePopular(db: pg.Pool, which: Which): Promise<Json[]> {
  const { rows } = await db.query(
    `WITH ${SALE} SELECT event_id AS "eventId", count(*)::int AS tickets, count(DISTINCT booking_id)::int AS orders
     FROM item WHERE ${among('item')} GROUP BY event_id`,
    values(which),
  );
  return rows;
}

/** Hours in which anything happened, as clocks at the place show them: `2026-10-25T02:00+01:00`. */
export async function referenceHours(
  db: pg.Pool,
  eventId: string,
  timezone: string,
): Promise<Map<string, Json>> {
  const { rows } = await db.query(
    `WITH ${SALE}
     SELECT created_at AS at, 1 AS holds, CASE outcome WHEN 'sold' THEN 1 ELSE 0 END AS orders, 0 AS tickets, 0 AS returned,
            0 AS gross, 0 AS refunded FROM sale WHERE event_id = $1
     UNION ALL SELECT created_at, 0, 0, 1, 0, 0, 0 FROM item WHERE event_id = $1
     UNION ALL SELECT updated_at, 0, 0, 0, tickets, 0, amount::int FROM back WHERE event_id = $1
     UNION ALL SELECT s.created_at, 0, 0, 0, 0, p.amount::int, 0 FROM payment p JOIN sale s ON s.id = p.booking_id
               WHERE p.status = 'captured' AND s.event_id = $1`,
    [eventId],
  );
  const hours = new Map<string, Json>();
  for (const { at, ...counts } of rows) {
    const hour = localHour(at, timezone);
    const sum = hours.get(hour) ?? {};
    for (const [name, count] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + (count as number);
    hours.set(hour, sum);
  }
  return hours;
}

const formats = new Map<string, Intl.DateTimeFormat>();

export function localHour(at: Date, timeZone: string): string {
  if (!formats.has(timeZone))
    formats.set(
      timeZone,
      new Intl.DateTimeFormat('en-GB', {
        timeZone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        hourCycle: 'h23',
        timeZoneName: 'longOffset',
      }),
    );
  const part = Object.fromEntries(
    formats
      .get(timeZone)!
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const offset = part.timeZoneName!.replace('GMT', '') || '+00:00';
  return `${part.year}-${part.month}-${part.day}T${part.hour}:00${offset}`;
}
