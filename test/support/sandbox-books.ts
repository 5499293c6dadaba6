import assert from 'node:assert/strict';
import type { TestApp } from './app.js';

/** Minor units that the sandbox and our database say were captured and given back; payment by payment they must agree. */
export async function assertSandboxAgrees({ db }: TestApp): Promise<{ captured: number; refunded: number }> {
  const { rows: ours } = await db.query(
    `SELECT p.idempotency_key AS key, p.amount::int AS amount,
            coalesce(sum(r.amount) FILTER (WHERE r.status = 'succeeded'), 0)::int AS refunded
     FROM payment p LEFT JOIN refund r ON r.payment_id = p.id WHERE p.status = 'captured' GROUP BY p.id ORDER BY key`,
  );
  const { rows: theirs } = await db.query(
    "SELECT key, amount::int, refunded::int FROM sandbox_charge WHERE state = 'captured' ORDER BY key",
  );
  const { rows: aside } = await db.query("SELECT key FROM sandbox_charge WHERE state = 'authorized'");
  assert.deepEqual(theirs, ours);
  assert.deepEqual(aside, [], 'money set aside for nothing');
  const sum = (what: 'amount' | 'refunded') => ours.reduce((total, row) => total + row[what], 0);
  return { captured: sum('amount'), refunded: sum('refunded') };
}
