import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fromStripeAmount, toStripeAmount } from '../src/providers/stripe-money.rules.js';
import { ProviderEvents } from '../src/reconciliation/provider-events.service.js';
import { Reconciliation } from '../src/reconciliation/reconciliation.service.js';
import { startApp, type TestApp } from './support/app.js';
import { assertAuditClean } from './support/audit.js';
import type { Json } from './support/client.js';
import { openSale, plainHall, type Sale } from './support/halls.js';
import type { Person } from './support/people.js';
import { assertBooksAgree } from './support/stripe-books.js';
import {
  STRIPE_SECRET_KEY,
  STRIPE_WEBHOOK_SECRET,
  StripeStandIn,
  type Weather,
} from './support/stripe-stand-in.js';
import { until } from './support/until.js';

const VISA = 'pm_card_visa';
const TWO_STEPS = 'pm_card_threeDSecure2Required';
const token = (name = VISA) => ({ payment: { method: 'token', token: name } });
const shuffle = <T>(items: readonly T[]): T[] =>
  items
    .map((item) => [Math.random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);

describe('stripe', () => {
  let app: TestApp;
  let stripe: StripeStandIn;
  let sale: Sale;
  let buyer: Person;
  let admin: Person;
  let seat = 0;

  const hold = async (count = 2): Promise<Json> => {
    const seats = Array.from({ length: count }, () => seat++);
    const { status, body } = await buyer.client.post(`/events/${sale.eventId}/holds`, { seats });
    assert.equal(status, 201, JSON.stringify(body));
    return body;
  };
  const checkout = (id: string, body: object = token()) =>
    buyer.client.post(`/bookings/${id}/checkout`, body);
  const bought = async (count = 2, name = VISA): Promise<Json> => {
    const { id } = await hold(count);
    const { status, body } = await checkout(id, token(name));
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };
  const cancel = (id: string) => buyer.client.post(`/bookings/${id}/cancel`, {});
  const read = async (id: string) => (await buyer.client.get(`/bookings/${id}`)).body;
  const payments = async (id: string) => (await buyer.client.get(`/payments?bookingId=${id}`)).body.data;
  /** The intents of a booking, oldest first. */
  const intents = (id: string) =>
    [...stripe.ledger.intents.values()].filter(({ metadata }) => metadata.evently_booking === id);
  const send = (event: object) => {
    const { body, signature } = stripe.signed(event);
    return app.client().post('/payments/webhooks/stripe', body, { 'stripe-signature': signature });
  };
  const eventsOf = (intent: string) =>
    stripe.ledger.events.filter(({ data }) => JSON.stringify(data.object).includes(intent));
  const handled = () =>
    until(async () => {
      const { rows } = await app.db.query('SELECT 1 FROM provider_event WHERE handled_at IS NULL');
      return rows.length === 0;
    });
  /** Applies to the first requests of a route only. */
  const once = (route: string, ...spells: Weather[]) => {
    stripe.weather = (asked) => (asked === route ? (spells.shift() ?? 'fine') : 'fine');
  };
  const reconcile = () => app.nest.get(Reconciliation).run(new Date(Date.now() - 600_000));
  const discrepancies = async (status = 'open') =>
    (await admin.client.get(`/admin/payments/discrepancies?status=${status}&limit=100`)).body.data;

  before(async () => {
    stripe = await StripeStandIn.start();
    app = await startApp({
      stripe: {
        secretKey: STRIPE_SECRET_KEY,
        webhookSecret: STRIPE_WEBHOOK_SECRET,
        apiBase: stripe.url,
        publishableKey: 'pk_test_standin',
      },
      sweeper: false,
      paymentTimeoutMs: 1_000,
    });
    sale = await openSale(app, plainHall(20, 40));
    [buyer] = (await app.people(1)) as [Person];
    [admin] = (await app.people(1, 'admin')) as [Person];
  });

  after(async () => {
    await app.close();
    await stripe.stop();
  });

  it('charges what the booking costs, and captures it when the seats are sold', async () => {
    const booking = await bought(3);
    assert.equal(booking.status, 'confirmed');
    const [intent, ...others] = intents(booking.id);
    assert.deepEqual(others, []);
    assert.deepEqual([intent!.amount, intent!.currency, intent!.status], [6000, 'eur', 'succeeded']);
    const [payment] = await payments(booking.id);
    assert.deepEqual([payment.provider, payment.method, payment.status], ['stripe', 'token', 'captured']);
  });

  it('refuses cards of the sandbox before anything changes', async () => {
    const { id } = await hold();
    const asked = stripe.requests.length;
    const { body: how } = await app.client().get('/payments/method');
    assert.deepEqual(how, { provider: 'stripe', method: 'token', publishableKey: 'pk_test_standin' });
    const answer = await checkout(id, { payment: { method: 'card', card: { number: '4242424242424242' } } });
    assert.deepEqual([answer.status, answer.body.code], [422, 'payment_method_unsupported']);
    assert.equal((await checkout(id, token('4242'))).status, 422);
    assert.equal((await read(id)).status, 'held');
    assert.equal(stripe.requests.length, asked);
  });

  it("tells the bank's reason for declining", async () => {
    const { id } = await hold();
    const reasons = [
      ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
      ['pm_card_chargeDeclined', 'generic_decline'],
      ['pm_nobody_knows', 'resource_missing'],
    ] as const;
    for (const [name, reason] of reasons) {
      const { status, body } = await checkout(id, token(name));
      assert.deepEqual([status, body.code, body.reason], [402, 'payment_declined', reason]);
    }
    assert.equal((await read(id)).status, 'held');
  });

  it('lets the buyer take a second step, and hears of it by webhook', async () => {
    for (const approved of [true, false]) {
      const { id } = await hold();
      const { status, body } = await checkout(id, token(TWO_STEPS));
      assert.deepEqual([status, body.status, body.nextAction.type], [202, 'paying', 'stripe']);
      const [intent] = intents(id);
      assert.equal(body.nextAction.clientSecret, intent!.client_secret);
      stripe.ledger.authenticate(intent!.id, approved);
      assert.equal((await send(eventsOf(intent!.id).at(-1)!)).status, 204);
      await until(async () => (await read(id)).status !== 'paying');
      assert.equal((await read(id)).status, approved ? 'confirmed' : 'held');
    }
  });

  it('bears outages before and after the effect, lost answers and slow ones: one charge each', async () => {
    const create = 'POST /v1/payment_intents';
    const capture = 'POST /v1/payment_intents/:id/capture';
    const cases: [string, Weather[]][] = [
      [create, ['fail_before', 'fail_before']],
      [create, ['drop_after']],
      [create, [{ late: 300 }]],
      [capture, ['fail_before', 'fail_after']],
      [capture, ['drop_after', 'drop_after']],
    ];
    for (const [route, spells] of cases) {
      once(route, ...spells);
      const booking = await bought();
      assert.deepEqual(
        intents(booking.id).map(({ status }) => status),
        ['succeeded'],
        `${route} ${JSON.stringify(spells)}`,
      );
    }
    once(create);
  });

  it('takes no answer for unknown, and believes what a look at Stripe says', async () => {
    const { id } = await hold();
    once('POST /v1/payment_intents', { late: 1_500 });
    const { status, body } = await checkout(id);
    assert.deepEqual([status, body.status], [202, 'paying']);
    const [intent] = intents(id);
    assert.equal((await send(eventsOf(intent!.id)[0]!)).status, 204);
    await until(async () => (await read(id)).status === 'confirmed');
    assert.equal(intent!.status, 'succeeded');
    assert.equal(intents(id).length, 1);
  });

  it('refunds once, also when the answer is lost', async () => {
    for (const spells of [[], ['drop_after'], ['fail_before', 'drop_after']] as Weather[][]) {
      const booking = await bought();
      once('POST /v1/refunds', ...spells);
      const { status, body } = await cancel(booking.id);
      assert.deepEqual([status, body.status], [200, 'cancelled'], JSON.stringify(spells));
      const [intent] = intents(booking.id);
      assert.equal(intent!.charge.amount_refunded, 4000);
    }
  });

  it('keeps the seats when Stripe refuses the refund', async () => {
    const booking = await bought(1, 'pm_card_refundFail');
    const { status, body } = await cancel(booking.id);
    assert.deepEqual([status, body.status], [202, 'cancelling']);
    const [{ refunds }] = await payments(booking.id);
    assert.equal(refunds[0].status, 'refused');
  });

  describe('webhooks', () => {
    it('are believed only when Stripe signed them just now', async () => {
      const event = stripe.ledger.events[0]!;
      const post = (body: Buffer, signature?: string) =>
        app
          .client()
          .post(
            '/payments/webhooks/stripe',
            body,
            signature === undefined ? {} : { 'stripe-signature': signature },
          );
      const good = stripe.signed(event);
      const old = stripe.signed(event, STRIPE_WEBHOOK_SECRET, Math.floor(Date.now() / 1000) - 600);
      const forged = stripe.signed(event, 'whsec_other');
      const changed = Buffer.from(good.body.toString().replace('pi_', 'pj_'));
      for (const [body, signature] of [
        [good.body, undefined],
        [good.body, 'nonsense'],
        [old.body, old.signature],
        [forged.body, forged.signature],
        [changed, good.signature],
      ] as const) {
        const answer = await post(body, signature);
        assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_signature']);
      }
      assert.equal((await post(Buffer.from('{"id":'), good.signature)).body.code, 'malformed_json');
      assert.equal((await post(good.body, good.signature)).status, 204);
      assert.equal((await post(good.body, good.signature)).status, 204, 'again');
    });

    it('about other things are kept and leave everything as it is', async () => {
      const about = (id: string, object: object) => ({ id, object: 'event', type: 'x.y', data: { object } });
      assert.equal((await send(about('evt_product', { object: 'product', id: 'prod_1' }))).status, 204);
      assert.equal((await send(about('evt_stranger', { object: 'payment_intent', id: 'pi_x' }))).status, 204);
      await handled();
    });

    it('whose replica died before it handled them are handled by another', async () => {
      const { id } = await hold();
      assert.equal((await checkout(id, token(TWO_STEPS))).status, 202);
      const [intent] = intents(id);
      stripe.ledger.authenticate(intent!.id, true);
      await app.db.query(
        `INSERT INTO provider_event (provider, id, type, ref, received_at)
         VALUES ('stripe', 'evt_left', 'payment_intent.amount_capturable_updated', $1, now() - interval '1 minute')`,
        [intent!.id],
      );
      await app.nest.get(ProviderEvents).handleOverdue();
      await handled();
      await until(async () => (await read(id)).status === 'confirmed');
    });

    it('twice, late and in any order lead to one state', async () => {
      const held = await Promise.all(Array.from({ length: 30 }, () => hold(1)));
      await Promise.all(
        held.map(async ({ id }, i) => {
          const { status } = await checkout(id, token(i % 3 === 0 ? VISA : TWO_STEPS));
          assert.equal(status, i % 3 === 0 ? 200 : 202);
        }),
      );
      const mine = held.map(({ id }) => intents(id)[0]!);
      mine.forEach((intent, i) => {
        if (i % 3 !== 0) stripe.ledger.authenticate(intent.id, i % 3 === 1);
      });
      const deliver = async () => {
        const events = mine.flatMap(({ id }) => eventsOf(id));
        const answers = await Promise.all(shuffle([...events, ...events, ...events]).map(send));
        assert.ok(answers.every(({ status }) => status === 204));
        await handled();
      };
      // What the first round sets in motion makes events of its own; the second has old and new ones.
      await deliver();
      await deliver();
      const states = await Promise.all(held.map(async ({ id }) => (await read(id)).status));
      assert.deepEqual(
        states,
        held.map((_, i) => (i % 3 === 2 ? 'held' : 'confirmed')),
      );
      assert.deepEqual(
        mine.map(({ status }) => status),
        held.map((_, i) => (i % 3 === 2 ? 'requires_payment_method' : 'succeeded')),
      );
    });
  });

  describe('reconciliation', () => {
    it('finds nothing where the books agree', async () => {
      const compared = await admin.client.post('/admin/payments/compare', { days: 1 });
      assert.deepEqual([compared.status, compared.body.complete], [200, true]);
      assert.equal((await buyer.client.post('/admin/payments/compare', {})).status, 403);
      assert.deepEqual(await discrepancies(), []);
      await assertBooksAgree(app, stripe);
    });

    it('gives back a charge that arrives after it was given up', async () => {
      const { id } = await hold();
      assert.equal((await checkout(id, token(TWO_STEPS))).status, 202);
      const [intent] = intents(id);
      stripe.ledger.authenticate(intent!.id, false);
      await send(eventsOf(intent!.id).at(-1)!);
      await until(async () => (await read(id)).status === 'held');
      // The buyer's browser tries again with the secret that it has.
      stripe.ledger.authenticate(intent!.id, true);
      await reconcile();
      assert.equal(intent!.status, 'canceled');
      const repaired = await discrepancies('repaired');
      assert.ok(repaired.some((d: Json) => d.kind === 'stray_voided' && d.ref === intent!.id));
      await reconcile();
      assert.equal((await discrepancies('repaired')).length, repaired.length);
    });

    it('reports what was refunded or disputed with Stripe, once, until an administrator has settled it', async () => {
      const [refunded, disputed] = [await bought(), await bought()];
      const [first, second] = [intents(refunded.id)[0]!, intents(disputed.id)[0]!];
      stripe.ledger.refund({ payment_intent: first.id, amount: '1500' });
      stripe.ledger.dispute(second.id);
      for (const event of [...eventsOf(first.id), ...eventsOf(second.id)]) await send(event);
      await handled();
      await reconcile();
      const open = await discrepancies();
      const told = open.map(({ kind, ref, expected, found }: Json) => ({ kind, ref, expected, found }));
      assert.deepEqual(
        told.sort((a: Json, b: Json) => a.kind.localeCompare(b.kind)),
        [
          { kind: 'disputed', ref: second.id, expected: { disputed: false }, found: { disputed: true } },
          { kind: 'refunded_elsewhere', ref: first.id, expected: { refunded: 0 }, found: { refunded: 1500 } },
        ],
      );
      const metrics = (await app.client().get('//metrics')).body;
      assert.match(metrics, /evently_payment_discrepancies\{kind="disputed"\} 1/);

      const path = `/admin/payments/discrepancies/${open[0].id}/resolve`;
      assert.equal((await buyer.client.post(path, { note: 'mine' })).status, 403);
      assert.equal((await admin.client.post(path, {})).status, 400);
      const resolved = await admin.client.post(path, { note: 'Talked to the bank' });
      assert.deepEqual([resolved.status, resolved.body.status], [200, 'resolved']);
      assert.equal(resolved.body.resolvedBy, admin.id);
      const again = await admin.client.post(path, { note: 'Another word' });
      assert.deepEqual(again.body, resolved.body);
      await reconcile();
      assert.equal((await discrepancies()).length, 1, 'told once');
      await admin.client.post(`/admin/payments/discrepancies/${open[1].id}/resolve`, { note: 'Fine' });
    });

    it('begins anew where Stripe does not answer', async () => {
      const until = () => app.nest.get(Reconciliation).until();
      const before = await until();
      once('GET /v1/payment_intents', 'fail_before', 'fail_before', 'fail_before');
      assert.equal(await reconcile(), false);
      assert.deepEqual(await until(), before);
      assert.equal(await reconcile(), true);
      assert.ok((await until())! > before!);
    });

    it('reports money that no payment here knows, and sales whose money is not there', async () => {
      // More than a page of somebody else's, who uses the same account.
      for (let i = 0; i < 120; i++)
        stripe.ledger.create({ amount: '900', currency: 'eur', payment_method: VISA });
      const metadata = { evently_key: 'pay_of_a_lost_database' };
      stripe.ledger.create({ amount: '700', currency: 'eur', payment_method: VISA, metadata });
      const [differs, missing] = [await bought(), await bought()];
      intents(differs.id)[0]!.amount = 1;
      stripe.ledger.intents.delete(intents(missing.id)[0]!.id);
      await app.db.query(
        "UPDATE payment SET created_at = now() - interval '5 minutes' WHERE booking_id = $1",
        [missing.id],
      );
      await reconcile();
      assert.deepEqual((await discrepancies()).map(({ kind }: Json) => kind).sort(), [
        'amount_differs',
        'missing_at_provider',
        'unknown_payment',
      ]);
    });
  });

  it('leaves payments of the sandbox with the sandbox, after Stripe was put to use', async () => {
    const earlier = await startApp({ databaseUrl: app.config.databaseUrl!, sweeper: false });
    const { id } = await hold();
    const client = earlier.client(buyer.token);
    const card = { payment: { method: 'card', card: { number: '4242424242424242' } } };
    assert.equal((await client.post(`/bookings/${id}/checkout`, card)).status, 200);
    await earlier.close();
    assert.equal((await cancel(id)).body.status, 'cancelled');
    const [{ provider, refunds }] = await payments(id);
    assert.deepEqual([provider, refunds[0].status], ['sandbox', 'succeeded']);
    assert.deepEqual(intents(id), []);
  });

  it('asks nobody to pay while Stripe is down', async () => {
    const { databaseUrl, stripe: settings } = app.config;
    const replica = await startApp({ databaseUrl: databaseUrl!, stripe: settings!, sweeper: false });
    const client = replica.client(buyer.token);
    stripe.weather = () => 'fail_before';
    const held = await Promise.all(Array.from({ length: 11 }, () => hold(1)));
    for (const { id } of held.slice(0, 10)) await client.post(`/bookings/${id}/checkout`, token());
    const last = held.at(-1)!.id;
    const { status, body, headers } = await client.post(`/bookings/${last}/checkout`, token());
    assert.deepEqual([status, body.code], [503, 'payments_unavailable']);
    assert.ok(Number(headers['retry-after']) >= 1);
    assert.equal((await read(last)).status, 'held');
    const metrics = (await replica.client().get('//metrics')).body;
    assert.match(metrics, /evently_remote_breaker_open\{remote="stripe"\} 1/);
    stripe.weather = () => 'fine';
    assert.equal((await checkout(last)).status, 200, 'another replica has a breaker of its own');
    await replica.close();
    await assertAuditClean(app);
  });

  it('was asked only what Stripe understands', () => {
    assert.deepEqual(stripe.faults, []);
    assert.ok(stripe.requests.length > 100);
  });

  it('would have refused what Stripe does not understand', () => {
    const good = { amount: '100', currency: 'eur', payment_method: VISA, capture_method: 'manual' };
    const faults = (change: object) =>
      stripe.types.faults('POST /v1/payment_intents', { ...good, ...change });
    assert.deepEqual(faults({}), []);
    for (const change of [
      { amount: '1.x' },
      { amount: undefined },
      { capture_method: 'by_hand' },
      { confirm: 'yes' },
      { allowed_payment_method_types: 'card' },
      { metadata: 'none' },
      { payment_method_types: ['card'] },
    ])
      assert.ok(faults(change).length > 0, JSON.stringify(change));
  });
});

describe('amounts for stripe', () => {
  it('follow the exceptions that Stripe makes', () => {
    const cases: [number, string, number | undefined][] = [
      [1999, 'EUR', 1999],
      [500, 'JPY', 500],
      [500, 'ISK', 50_000],
      [500, 'UGX', 50_000],
      [500, 'MGA', 5],
      [550, 'MGA', undefined],
      [5120, 'KWD', 5120],
      [5124, 'KWD', undefined],
    ];
    for (const [ours, currency, theirs] of cases) {
      assert.equal(toStripeAmount(ours, currency), theirs, `${ours} ${currency}`);
      if (theirs !== undefined)
        assert.equal(fromStripeAmount(theirs, currency), ours, `${theirs} ${currency}`);
    }
  });
});
