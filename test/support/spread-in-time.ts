import type pg from 'pg';
import type { HistoryOf } from './sale-histories.js';

const HOUR = 3_600_000;
/** When clocks were changed there: each way once. Kolkata has half an hour, and never changes. */
export const CHANGES: Record<string, string[]> = {
  'Europe/Berlin': ['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z'],
  'America/New_York': ['2026-03-08T07:00:00Z', '2026-11-01T06:00:00Z'],
  'Asia/Kolkata': ['2026-10-02T18:30:00Z'],
};

/**
 * As if the bookings of each event had been made around a change of its clocks, and refunds been paid up to two days later.
 * The rows get the very instants of their facts, which are microseconds apart in life.
 * @returns of each event the days in which it all lies
 */
export async function spreadInTime(
  db: pg.Pool,
  histories: readonly HistoryOf[],
  random: () => number,
): Promise<Map<string, { from: string; to: string }>> {
  const windows = new Map<string, { from: string; to: string }>();
  const client = await db.connect();
  try {
    await client.query('BEGIN');
    await client.query('ALTER TABLE fact DISABLE TRIGGER fact_append_only');
    for (const { eventId, timezone } of histories) {
      const changes = CHANGES[timezone]!;
      const middle = Date.parse(changes[Math.floor(random() * changes.length)]!);
      const day = (at: number) => new Date(at).toISOString().slice(0, 10);
      windows.set(eventId, { from: day(middle - 60 * HOUR), to: day(middle + 110 * HOUR) });
      const { rows } = await client.query(
        `SELECT id FROM booking WHERE event_id = $1 UNION ALL SELECT id FROM waitlist_entry WHERE event_id = $1 ORDER BY id`,
        [eventId],
      );
      const sold = rows.map(() => middle + (random() - 0.5) * 60 * HOUR);
      const back = sold.map((at) => at + random() * 48 * HOUR);
      const ids = rows.map(({ id }) => id);
      await client.query(MOVE, [ids, sold.map(toIso), back.map(toIso)]);
      await client.query('UPDATE event SET published_at = $2 WHERE id = $1', [
        eventId,
        toIso(middle - 31 * HOUR),
      ]);
    }
    await client.query('ALTER TABLE fact ENABLE TRIGGER fact_append_only');
    for (const statement of ALIGN) await client.query(statement);
    await client.query('COMMIT');
  } finally {
    client.release();
  }
  return windows;
}

const toIso = (at: number) => new Date(at).toISOString();

const MOVE = `
UPDATE fact f SET occurred_at = f.occurred_at - b.occurred_at +
  CASE WHEN f.stream = 'refund' OR (f.type = 'booking.cancelled' AND f.data ? 'items') THEN m.back ELSE m.sold END
FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS m (id, sold, back)
JOIN fact b ON b.stream_id = m.id AND b.stream IN ('booking', 'waitlist') AND b.version = 1
WHERE (f.stream IN ('booking', 'waitlist') AND f.stream_id = m.id)
   OR (f.stream IN ('payment', 'refund') AND f.data ->> 'bookingId' = m.id::text)`;

const ALIGN = [
  `UPDATE booking b SET created_at = f.occurred_at FROM fact f
   WHERE f.stream_id = b.id AND f.stream = 'booking' AND f.version = 1`,
  `UPDATE waitlist_entry w SET joined_at = f.occurred_at FROM fact f
   WHERE f.stream_id = w.id AND f.stream = 'waitlist' AND f.version = 1`,
  'ALTER TABLE fact DISABLE TRIGGER fact_append_only',
  `UPDATE fact c SET occurred_at = r.occurred_at FROM fact r
   WHERE c.type = 'booking.cancelled' AND c.data ? 'items' AND r.type = 'refund.succeeded' AND r.xid = c.xid
     AND r.data ->> 'bookingId' = c.stream_id::text`,
  'ALTER TABLE fact ENABLE TRIGGER fact_append_only',
  `UPDATE refund r SET updated_at = f.occurred_at FROM fact f
   WHERE f.stream_id = r.id AND f.stream = 'refund' AND f.type = 'refund.succeeded'`,
];
