import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { fromStripeAmount, toStripeAmount } from '../../../src/payments/providers/stripe-money.rules.js';
import { startApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Json } from '../../support/client.js';
import { openSale, plainHall } from '../../support/halls.js';
import { StripeShop, TWO_STEPS, token, VISA } from '../../support/stripe-shop.js';
import type { Weather } from '../../support/stripe-stand-in.js';
import { until } from '../../support/until.js';

describe('paying with stripe', () => {
  let shop: StripeShop;

  beforeAll(async () => {
    shop = await StripeShop.open();
  });

  afterAll(() => shop.close());

  test('charges what the booking costs, and captures it when the seats are sold', async () => {
    const booking = await shop.bought(3);
    assert.equal(booking.status, 'confirmed');
    const [intent, ...others] = shop.intents(booking.id);
    assert.deepEqual(others, []);
    assert.deepEqual([intent!.amount, intent!.currency, intent!.status], [6000, 'eur', 'succeeded']);
    const [payment] = await shop.payments(booking.id);
    assert.deepEqual([payment.provider, payment.method, payment.status], ['stripe', 'token', 'captured']);
  });

  test('refuses cards of the sandbox before anything changes', async () => {
    const { id } = await shop.hold();
    const asked = shop.stripe.requests.length;
    const { body: how } = await shop.app.client().get('/payments/method');
    assert.deepEqual(how, { provider: 'stripe', method: 'token', publishableKey: 'pk_test_standin' });
    const answer = await shop.checkout(id, {
      payment: { method: 'card', card: { number: '4242424242424242' } },
    });
    assert.deepEqual([answer.status, answer.body.code], [422, 'payment_method_unsupported']);
    assert.equal((await shop.checkout(id, token('4242'))).status, 422);
    assert.equal((await shop.read(id)).status, 'held');
    assert.equal(shop.stripe.requests.length, asked);
  });

  test("tells the bank's reason for declining", async () => {
    const { id } = await shop.hold();
    const reasons = [
      ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
      ['pm_card_chargeDeclined', 'generic_decline'],
      ['pm_nobody_knows', 'resource_missing'],
    ] as const;
    for (const [name, reason] of reasons) {
      const { status, body } = await shop.checkout(id, token(name));
      assert.deepEqual([status, body.code, body.reason], [402, 'payment_declined', reason]);
    }
    assert.equal((await shop.read(id)).status, 'held');
  });

  test('lets the buyer take a second step, and hears of it by webhook', async () => {
    for (const approved of [true, false]) {
      const { id } = await shop.hold();
      const { status, body } = await shop.checkout(id, token(TWO_STEPS));
      assert.deepEqual([status, body.status, body.nextAction.type], [202, 'paying', 'stripe']);
      const [intent] = shop.intents(id);
      assert.equal(body.nextAction.clientSecret, intent!.client_secret);
      shop.stripe.ledger.authenticate(intent!.id, approved);
      assert.equal((await shop.send(shop.eventsOf(intent!.id).at(-1)!)).status, 204);
      await until(async () => (await shop.read(id)).status !== 'paying');
      assert.equal((await shop.read(id)).status, approved ? 'confirmed' : 'held');
    }
  });

  test('a second step that is asked for again and answered twice, with the first answer lost, is one charge', async () => {
    const { id } = await shop.hold();
    const pay = () =>
      shop.buyer.client.post(`/bookings/${id}/checkout`, token(TWO_STEPS), { 'idempotency-key': id });
    shop.once('POST /v1/payment_intents', 'drop_after');
    const first = await pay();
    assert.deepEqual([first.status, first.body.nextAction.type], [202, 'stripe']);
    const again = await Promise.all(Array.from({ length: 5 }, pay));
    for (const { status, body, headers } of again) {
      assert.deepEqual([status, headers['idempotency-replayed']], [202, 'true']);
      assert.deepEqual(body.nextAction, first.body.nextAction);
    }
    assert.deepEqual((await shop.read(id)).nextAction, first.body.nextAction, 'in another tab');
    const [intent, ...others] = shop.intents(id);
    assert.deepEqual(others, []);
    const { ledger } = shop.stripe;
    ledger.authenticate(intent!.id, true);
    for (const approved of [true, false])
      assert.throws(() => ledger.authenticate(intent!.id, approved), /unexpected_state/);
    const agreed = shop.eventsOf(intent!.id).at(-1)!;
    const heard = await Promise.all([agreed, agreed, agreed].map(shop.send));
    assert.ok(heard.every(({ status }) => status === 204));
    await until(async () => (await shop.read(id)).status === 'confirmed');
    const last = await pay();
    assert.deepEqual([last.status, last.body.status], [200, 'confirmed']);
    assert.deepEqual(
      shop.intents(id).map(({ status }) => status),
      ['succeeded'],
    );
    assert.deepEqual(
      (await shop.payments(id)).map(({ status, amount }: Json) => [status, amount]),
      [['captured', 4_000]],
    );
  });

  test('asks for 500000 where a place costs HUF 5,000, gives as much back, and the mail says so', async () => {
    const { app, buyer } = shop;
    const forint = { currency: 'HUF', priceTiers: [{ name: 'All', price: 500_000, category: 'C0' }] };
    const { eventId } = await openSale(app, plainHall(1, 2), forint);
    const { id } = (await buyer.client.post(`/events/${eventId}/holds`, { seats: [0] })).body;
    assert.equal((await shop.checkout(id)).status, 200);
    const [intent] = shop.intents(id);
    assert.deepEqual([intent!.amount, intent!.currency, intent!.status], [500_000, 'huf', 'succeeded']);
    await until(async () => {
      const { body } = await app.client().get(`//dev/mail.json?to=${encodeURIComponent(buyer.email)}`);
      return body.some(({ text }: Json) => /HUF\s5,000\.00/.test(text));
    });
    assert.equal((await shop.cancel(id)).body.status, 'cancelled');
    assert.equal(intent!.charge.amount_refunded, 500_000);
  });

  test('bears outages before and after the effect, lost answers and slow ones: one charge each', async () => {
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
      shop.once(route, ...spells);
      const booking = await shop.bought();
      assert.deepEqual(
        shop.intents(booking.id).map(({ status }) => status),
        ['succeeded'],
        `${route} ${JSON.stringify(spells)}`,
      );
    }
    shop.once(create);
  });

  test('takes no answer for unknown, and believes what a look at Stripe says', async () => {
    const { id } = await shop.hold();
    shop.once('POST /v1/payment_intents', { late: 4_500 });
    const { status, body } = await shop.checkout(id);
    assert.deepEqual([status, body.status], [202, 'paying']);
    const [intent] = shop.intents(id);
    assert.equal((await shop.send(shop.eventsOf(intent!.id)[0]!)).status, 204);
    await until(async () => (await shop.read(id)).status === 'confirmed');
    await until(() => intent!.status === 'succeeded');
    assert.equal(shop.intents(id).length, 1);
  });

  test('refunds once, also when the answer is lost', async () => {
    for (const spells of [[], ['drop_after'], ['fail_before', 'drop_after']] as Weather[][]) {
      const booking = await shop.bought();
      shop.once('POST /v1/refunds', ...spells);
      const { status, body } = await shop.cancel(booking.id);
      assert.deepEqual([status, body.status], [200, 'cancelled'], JSON.stringify(spells));
      const [intent] = shop.intents(booking.id);
      assert.equal(intent!.charge.amount_refunded, 4000);
    }
  });

  test('keeps the seats when Stripe refuses the refund', async () => {
    const booking = await shop.bought(1, 'pm_card_refundFail');
    const { status, body } = await shop.cancel(booking.id);
    assert.deepEqual([status, body.status], [202, 'cancelling']);
    const [{ refunds }] = await shop.payments(booking.id);
    assert.equal(refunds[0].status, 'refused');
  });

  test('leaves payments of the sandbox with the sandbox, after Stripe was put to use', async () => {
    const earlier = await startApp({ database: shop.app.config.database, inventory: { sweeper: false } });
    const { id } = await shop.hold();
    const client = earlier.client(shop.buyer.token);
    const card = { payment: { method: 'card', card: { number: '4242424242424242' } } };
    assert.equal((await client.post(`/bookings/${id}/checkout`, card)).status, 200);
    await earlier.close();
    assert.equal((await shop.cancel(id)).body.status, 'cancelled');
    const [{ provider, refunds }] = await shop.payments(id);
    assert.deepEqual([provider, refunds[0].status], ['sandbox', 'succeeded']);
    assert.deepEqual(shop.intents(id), []);
  });

  test('asks nobody to pay while Stripe is down', async () => {
    const { database, payments } = shop.app.config;
    const { stripe } = payments;
    const replica = await startApp({ database, payments: { stripe }, inventory: { sweeper: false } });
    const client = replica.client(shop.buyer.token);
    shop.stripe.weather = () => 'fail_before';
    const held = await Promise.all(Array.from({ length: 11 }, () => shop.hold(1)));
    for (const { id } of held.slice(0, 10)) await client.post(`/bookings/${id}/checkout`, token());
    const last = held.at(-1)!.id;
    const { status, body, headers } = await client.post(`/bookings/${last}/checkout`, token());
    assert.deepEqual([status, body.code], [503, 'payments_unavailable']);
    assert.ok(Number(headers['retry-after']) >= 1);
    assert.equal((await shop.read(last)).status, 'held');
    const metrics = (await replica.client().get('//metrics')).body;
    assert.match(metrics, /evently_remote_breaker_open\{remote="stripe"\} 1/);
    shop.stripe.weather = () => 'fine';
    assert.equal((await shop.checkout(last)).status, 200, 'another replica has a breaker of its own');
    await replica.close();
    await assertAuditClean(shop.app);
  });

  test('was asked only what Stripe understands', () => {
    assert.deepEqual(shop.stripe.faults, []);
    assert.ok(shop.stripe.requests.length > 50);
  });

  test('would have refused what Stripe does not understand', () => {
    const good = { amount: '100', currency: 'eur', payment_method: VISA, capture_method: 'manual' };
    const faults = (change: object) =>
      shop.stripe.types.faults('POST /v1/payment_intents', { ...good, ...change });
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
  test('follow the exceptions that Stripe makes', () => {
    const cases: [number, string, number | undefined][] = [
      [1999, 'EUR', 1999],
      [500_000, 'HUF', 500_000],
      [500_050, 'HUF', 500_050],
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
