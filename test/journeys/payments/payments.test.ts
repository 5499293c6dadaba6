import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { ReconciliationService } from '../../../src/payments/reconciliation/reconciliation.service.js';
import { loadConfig } from '../../../src/platform/config/config.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { countStatuses } from '../../support/load.js';
import type { Person } from '../../support/people.js';
import { assertSandboxAgrees } from '../../support/sandbox-books.js';
import { until } from '../../support/until.js';

const card = (number: string) => ({ payment: { method: 'card', card: { number } } });
const GOOD = '4242424242424242';

/** A buyer's way from a seat to a checkout's answer. */
const buy = async ({ client }: Person, eventId: string, seat: number, number: string) => {
  const held = await client.post(`/events/${eventId}/holds`, { seats: [seat] });
  assert.equal(held.status, 201, JSON.stringify(held.body));
  return client.post(`/bookings/${held.body.id}/checkout`, card(number));
};

/** Until nothing is under way: what was unknown has been looked up by the application itself. */
const settled = ({ db }: TestApp) =>
  until(async () => {
    const { rows } = await db.query(
      `SELECT id FROM payment WHERE status IN ('created', 'unknown', 'authorized', 'voiding')
       UNION ALL SELECT id FROM refund WHERE status IN ('created', 'unknown')`,
    );
    return rows.length === 0;
  }, 180_000);

describe('cards of the sandbox that make trouble', () => {
  let app: TestApp;
  let sale: Sale;
  let buyer: Person;
  let seat = 0;
  const pay = (number: string) => buy(buyer, sale.eventId, seat++, number);
  const refunds = async (bookingId: string) =>
    (await buyer.client.get(`/payments?bookingId=${bookingId}`)).body.data[0].refunds;

  beforeAll(async () => {
    app = await startApp({ payments: { timeoutMs: 1_000 }, sagas: { leaseMs: 1_500 } });
    sale = await openSale(app, plainHall(2, 20));
    [buyer] = await app.people(1);
  });

  afterAll(async () => {
    await settled(app);
    await assertSandboxAgrees(app);
    await assertAuditClean(app);
    await app.close();
  });

  test('news told twice and before the answer change nothing', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => pay('4000000000000226')));
    assert.deepEqual(countStatuses(answers), { 200: 10 });
  });

  test('two failed calls are mended by repeating', async () => {
    assert.equal((await pay('4000000000000515')).status, 200);
  });

  test('a capture without an answer is a sale all the same', async () => {
    const { status, body } = await pay('4000000000000614');
    assert.ok(status === 200 || status === 202);
    await until(async () => (await buyer.client.get(`/bookings/${body.id}`)).body.status === 'confirmed');
  });

  test('a refund without an answer is made once', async () => {
    const { body } = await pay('4000000000000523');
    const { status } = await buyer.client.post(`/bookings/${body.id}/cancel`, {});
    assert.equal(status, 202);
    await until(async () => (await buyer.client.get(`/bookings/${body.id}`)).body.status === 'cancelled');
    const [refund, ...others] = await refunds(body.id);
    assert.deepEqual([refund.amount, refund.status, others], [2000, 'succeeded', []]);
  });

  test('the webhook of a provider that is not in use is not there', async () => {
    const event = { id: 'evt_1', type: 'x', data: { object: {} } };
    const { status } = await app.client().post('/payments/webhooks/stripe', event);
    assert.equal(status, 404);
  });
});

describe('a provider that fails 20 % of its calls and answers 10 % too late', () => {
  let app: TestApp;
  let sale: Sale;
  const faults = { fail: 0.2, late: 0.1 };

  beforeAll(async () => {
    app = await startApp({
      // A call that takes this machine longer than a second is unknown as well.
      payments: { timeoutMs: 1_000, sandboxFaults: faults },
      sagas: { leaseMs: 1_500 },
    });
    sale = await openSale(app, plainHall(10, 20));
  });

  afterAll(() => app.close());

  test('200 checkouts at once, and half of the tickets given back: the sums of both sides agree', async () => {
    const people = await app.people(200);
    const answers = await Promise.all(people.map((person, i) => buy(person, sale.eventId, i, GOOD)));
    const counts = countStatuses(answers);
    assert.equal((counts[200] ?? 0) + (counts[202] ?? 0) + (counts[402] ?? 0), 200, JSON.stringify(counts));
    await settled(app);
    const { rows: sold } = await app.db.query("SELECT id, user_id FROM booking WHERE status = 'confirmed'");
    assert.ok(sold.length > 100, `${sold.length} sold`);
    const client = new Map(people.map(({ id, client }) => [id, client]));
    const given = await Promise.all(
      sold.filter((_, i) => i % 2).map((b) => client.get(b.user_id)!.post(`/bookings/${b.id}/cancel`, {})),
    );
    assert.ok(given.every(({ status }) => status === 200 || status === 202));
    await settled(app);
    const { captured, refunded } = await assertSandboxAgrees(app);
    assert.equal(captured, sold.length * 2000);
    assert.equal(refunded, given.length * 2000);
    await assertAuditClean(app);
    faults.fail = faults.late = 0;
    assert.equal(await app.nest.get(ReconciliationService).run(new Date(Date.now() - 600_000)), true);
    const { rows } = await app.db.query("SELECT * FROM payment_discrepancy WHERE status = 'open'");
    assert.deepEqual(rows, []);
  });
});

describe('settings of payments', () => {
  test('are refused when they do not fit together', () => {
    const problems = (env: NodeJS.ProcessEnv) => {
      try {
        loadConfig({ EVENTLY_JWT_SECRET: 'x'.repeat(32), ...env });
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    const production = { NODE_ENV: 'production', DATABASE_URL: 'postgres://db/evently' };
    assert.equal(problems({ STRIPE_SECRET_KEY: 'sk_test_1', STRIPE_WEBHOOK_SECRET: 'whsec_1' }), '');
    assert.match(problems({ STRIPE_SECRET_KEY: 'sk_test_1' }), /STRIPE_WEBHOOK_SECRET is needed/);
    assert.match(problems({ STRIPE_SECRET_KEY: 'pk_test_1', STRIPE_WEBHOOK_SECRET: 'whsec_1' }), /sk_/);
    assert.equal(problems({ EVENTLY_SANDBOX_FAULTS: 'fail=0.2,late=0.1' }), '');
    assert.match(problems({ EVENTLY_SANDBOX_FAULTS: 'fail=2' }), /EVENTLY_SANDBOX_FAULTS/);
    assert.match(problems({ EVENTLY_SANDBOX_FAULTS: 'often' }), /EVENTLY_SANDBOX_FAULTS/);
    assert.match(problems({ ...production, EVENTLY_SANDBOX_FAULTS: 'late=0.1' }), /must not be set/);
    assert.match(problems({ ...production, STRIPE_API_BASE: 'http://127.0.0.1' }), /must be https/);
  });
});
