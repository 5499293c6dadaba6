import assert from 'node:assert/strict';
import type { TestApp } from './app.js';
import { until } from './until.js';

export const GOOD = '4242424242424242';
export const card = (number = GOOD) => ({ payment: { method: 'card', card: { number } } });

/** Charges of the sandbox for a booking, oldest first. */
export async function charges({ db }: TestApp, bookingId: string) {
  const { rows } = await db.query(
    `SELECT c.state, c.amount::int, c.refunded::int FROM payment p JOIN sandbox_charge c ON c.key = p.idempotency_key
     WHERE p.booking_id = $1 ORDER BY p.id`,
    [bookingId],
  );
  return rows;
}

/** Makes every saga due now, as when the replica that led it is dead for long, and waits until nothing is under way. */
export async function settleSagas({ db }: TestApp): Promise<void> {
  await db.query(
    `UPDATE payment SET created_at = created_at - interval '1 hour' WHERE status IN ('created', 'unknown')`,
  );
  await db.query('UPDATE saga SET due_at = clock_timestamp() WHERE due_at IS NOT NULL');
  await until(async () => {
    const { rowCount } = await db.query(
      `SELECT FROM saga WHERE due_at IS NOT NULL AND (lease IS NOT NULL OR due_at < clock_timestamp() OR reason <> 'second_step')`,
    );
    return rowCount === 0;
  });
}

/**
 * Provider and bookings agree to the cent, booking by booking: what the provider has kept is the price of live tickets,
 * what refund policies keep of returned ones, and what operators have settled by hand.
 */
export async function assertMoneyBalances({ db }: TestApp): Promise<void> {
  const { rows } = await db.query(
    `SELECT b.id, coalesce(c.kept, 0)::int AS kept, coalesce(c.authorized, 0)::int AS authorized,
            (i.owed + coalesce(r.kept, 0))::int AS owed
     FROM booking b
     JOIN (SELECT booking_id, coalesce(sum(price) FILTER (WHERE status IN ('confirmed', 'cancelling')), 0) AS owed
           FROM booking_item GROUP BY booking_id) i ON i.booking_id = b.id
     LEFT JOIN (SELECT booking_id, sum(price - CASE WHEN settled IS NULL THEN amount ELSE 0 END) AS kept
                FROM refund WHERE status = 'succeeded' AND payment_id IS NOT NULL GROUP BY booking_id) r
       ON r.booking_id = b.id
     LEFT JOIN (SELECT p.booking_id, sum(c.amount - c.refunded) FILTER (WHERE c.state = 'captured') AS kept,
                       sum(c.amount) FILTER (WHERE c.state = 'authorized') AS authorized
                FROM payment p JOIN sandbox_charge c ON c.key = p.idempotency_key
                GROUP BY p.booking_id) c ON c.booking_id = b.id`,
  );
  assert.ok(rows.length > 10);
  assert.deepEqual(
    rows.filter(({ kept, owed, authorized }) => kept !== owed || authorized !== 0),
    [],
  );
}

/** Every change of a payment or refund is a fact, in order, and the last one is its state. */
export async function assertMoneyTold({ db }: TestApp): Promise<void> {
  const { rows } = await db.query(
    `SELECT m.id, m.told, array_agg(f.type ORDER BY f.version) AS facts, m.version
     FROM (SELECT id, version, 'payment.' || status AS told FROM payment
           UNION ALL SELECT id, version, 'refund.' || status FROM refund) m
     LEFT JOIN fact f ON f.stream_id = m.id AND f.stream IN ('payment', 'refund')
     GROUP BY m.id, m.told, m.version`,
  );
  assert.ok(rows.length > 10);
  for (const { told, facts, version } of rows)
    assert.deepEqual([facts.length, facts.at(-1)], [version, told], facts.join());
}
