import type pg from 'pg';

/** Lets the time of a hold or an offer run out, with its row in the feed as if it had been held shorter. */
export async function lapse(db: pg.Pool, eventId: string, bookingId: string): Promise<void> {
  const client = await db.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT FROM inventory WHERE event_id = $1 FOR UPDATE', [eventId]);
    const { rowCount } = await client.query(
      `UPDATE booking SET expires_at = now() - interval '1 s', held_until = now() - interval '1 s'
       WHERE event_id = $1 AND id = $2 AND status IN ('held', 'paying')`,
      [eventId, bookingId],
    );
    await client.query(
      `UPDATE waitlist_entry SET offer_until = now() - interval '1 s' WHERE event_id = $1 AND booking_id = $2 AND state = 'offered'`,
      [eventId, bookingId],
    );
    if (rowCount === 1)
      await client.query(
        `WITH moved AS (UPDATE seat SET hold_until = now() - interval '1 s' WHERE event_id = $1 AND booking_id = $2 RETURNING n)
         SELECT feed_append_v1($1, (SELECT array_agg(n) FROM moved), '{}', now()) FROM (SELECT count(*) FROM moved) done`,
        [eventId, bookingId],
      );
    await client.query('COMMIT');
  } finally {
    client.release();
  }
}
