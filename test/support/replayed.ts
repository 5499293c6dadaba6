import assert from 'node:assert/strict';
import { type BookingFact, replay } from '../../src/bookings/booking.rules.js';
import { Facts } from '../../src/facts/facts.service.js';
import type { TestApp } from './app.js';

/** The facts of a booking, replayed, give its row and items; its deadlines only if nobody moved the clock for it. */
export async function assertReplayed(
  { nest, db }: TestApp,
  id: string,
  deadlinesToo: boolean,
): Promise<void> {
  const facts = (await nest.get(Facts).history('booking', id)) as BookingFact[];
  const told = replay(facts);
  const { rows } = await db.query(
    `SELECT status, user_id AS "userId", code, expires_at AS "expiresAt", held_until AS "heldUntil", extended, tries,
       currency, total::int, version,
       (SELECT json_agg(json_build_object('id', id, 'n', n, 'area', area, 'price', price, 'status', status) ORDER BY id)
        FROM booking_item WHERE booking_id = b.id) AS items
     FROM booking b WHERE id = $1`,
    [id],
  );
  const timeless = ({ expiresAt, heldUntil, ...rest }: Record<string, unknown>) => rest;
  const row = rows[0];
  assert.deepEqual(timeless({ ...told }), timeless(row));
  if (deadlinesToo)
    assert.deepEqual([told.expiresAt, told.heldUntil], [row.expiresAt, row.heldUntil], JSON.stringify(facts));
}
