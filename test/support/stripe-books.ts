import assert from 'node:assert/strict';
import type { TestApp } from './app.js';
import type { StripeStandIn } from './stripe-stand-in.js';

/** Payment by payment, what Stripe has captured and given back is what our database says. */
export async function assertBooksAgree({ db }: TestApp, { ledger }: StripeStandIn): Promise<void> {
  const { rows } = await db.query(
    `SELECT p.idempotency_key AS key, p.amount::int AS amount,
            coalesce(sum(r.amount) FILTER (WHERE r.status = 'succeeded'), 0)::int AS refunded
     FROM payment p LEFT JOIN refund r ON r.payment_id = p.id WHERE p.status = 'captured' GROUP BY p.id ORDER BY key`,
  );
  const captured = [...ledger.intents.values()]
    .filter(({ status }) => status === 'succeeded')
    .map(({ metadata, amount, charge }) => ({
      key: metadata.evently_key,
      amount,
      refunded: charge.amount_refunded,
    }))
    .sort((a, b) => (a.key! < b.key! ? -1 : 1));
  assert.ok(rows.length > 0);
  assert.deepEqual(captured, rows);
}
