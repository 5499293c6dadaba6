import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import type { CheckoutRun } from '../../../src/orders/checkout/checkout.data.js';
import { CheckoutRepository } from '../../../src/orders/checkout/checkout.repository.js';
import { SandboxProviderService } from '../../../src/payments/providers/sandbox-provider.service.js';
import { ReconciliationService } from '../../../src/payments/reconciliation/reconciliation.service.js';
import { newId } from '../../../src/platform/common/ids.js';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { lapse as lapseHold } from '../../support/lapse.js';
import { countStatuses } from '../../support/load.js';
import {
  assertMoneyBalances,
  assertMoneyTold,
  card,
  charges as chargesOf,
  GOOD,
  settleSagas,
} from '../../support/money.js';
import type { Person } from '../../support/people.js';
import { seatStates } from '../../support/seat-states.js';

const handle = (key: string) => ({ key, ref: null, createdAt: new Date() });

describe('checkout', () => {
  let app: TestApp;
  let sale: Sale;
  let buyer: Person;
  let stranger: Person;
  let seat = 0;

  const hold = async (count = 2, areas = 0): Promise<Json> => {
    const { status, body } = await buyer.client.post(`/events/${sale.eventId}/holds`, {
      seats: Array.from({ length: count }, () => seat++),
      ...(areas > 0 && { areas: [{ area: 'Floor', quantity: areas }] }),
    });
    assert.equal(status, 201, JSON.stringify(body));
    return body;
  };
  const checkout = (id: string, body: object = card(), headers = {}) =>
    buyer.client.post(`/bookings/${id}/checkout`, body, headers);
  const paid = async (count = 2, areas = 0, number = GOOD): Promise<Json> => {
    const { id } = await hold(count, areas);
    const { status, body } = await checkout(id, card(number));
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };
  const read = async (id: string) => (await buyer.client.get(`/bookings/${id}`)).body;
  const payments = async (id: string) => (await buyer.client.get(`/payments?bookingId=${id}`)).body.data;
  const recover = () => settleSagas(app);
  const charges = (id: string) => chargesOf(app, id);
  const lapse = (id: string) => lapseHold(app.db, sale.eventId, id);

  beforeAll(async () => {
    app = await startApp({ inventory: { sweeper: false }, payments: { timeoutMs: 2_000 } });
    sale = await openSale(app, plainHall(20, 20, [{ name: 'Floor', capacity: 100 }]));
    [buyer, stranger] = await app.people(2);
  });

  afterAll(async () => {
    await recover();
    await assertMoneyBalances(app);
    await assertMoneyTold(app);
    await assertAuditClean(app);
    await app.close();
  });

  test('sells a hold: authorized, seats confirmed, money captured', async () => {
    const held = await hold(2, 1);
    const { status, body } = await checkout(held.id);
    assert.equal(status, 200);
    assert.equal(body.status, 'confirmed');
    assert.equal(body.expiresAt, null);
    assert.equal(body.total, 5000);
    assert.deepEqual(await read(held.id), body);
    assert.deepEqual(await seatStates(app, body), [SEAT.BOOKED]);
    const [payment, ...others] = await payments(held.id);
    assert.deepEqual(others, []);
    const { id: _, createdAt: __, ...rest } = payment;
    assert.deepEqual(rest, {
      bookingId: held.id,
      eventId: sale.eventId,
      method: 'card',
      provider: 'sandbox',
      amount: 5000,
      currency: 'EUR',
      status: 'captured',
      failure: null,
      refunds: [],
    });
    assert.deepEqual(await charges(held.id), [{ state: 'captured', amount: 5000, refunded: 0 }]);
    const again = await checkout(held.id);
    assert.deepEqual([again.status, again.body.code], [409, 'not_held']);
    const release = await buyer.client.delete(`/bookings/${held.id}`);
    assert.deepEqual([release.status, release.body.code], [409, 'not_held']);
  });

  test('charges once, however many checkouts run at the same time', async () => {
    const { id } = await hold();
    const answers = await Promise.all(Array.from({ length: 20 }, () => checkout(id)));
    const counts = countStatuses(answers);
    assert.deepEqual(counts, { 200: 1, 409: 19 });
    const codes = new Set(answers.filter((a) => a.status === 409).map((a) => a.body.code));
    assert.ok(
      [...codes].every((code) => ['payment_under_way', 'not_held'].includes(code)),
      [...codes].join(),
    );
    assert.deepEqual(await charges(id), [{ state: 'captured', amount: 4000, refunded: 0 }]);
  });

  test('charges once under one idempotency key, and repeats the answer', async () => {
    const { id } = await hold();
    const key = { 'idempotency-key': 'pay-once' };
    const first = await checkout(id, card(), key);
    assert.equal(first.status, 200);
    const again = await Promise.all(Array.from({ length: 5 }, () => checkout(id, card(), key)));
    for (const answer of again) {
      assert.equal(answer.status, 200);
      assert.equal(answer.headers['idempotency-replayed'], 'true');
      assert.deepEqual(answer.body, first.body);
    }
    const other = await checkout(id, { ...card(), substitutes: true }, key);
    assert.deepEqual([other.status, other.body.code], [422, 'idempotency_key_reused']);
    const otherCard = await checkout(id, card('4000000000000002'), key);
    assert.deepEqual(otherCard.body, first.body, 'not even a hash of a card is kept');
    assert.equal((await charges(id)).length, 1);
    await buyer.client.post(`/bookings/${id}/cancel`);
    assert.deepEqual((await checkout(id, card(), key)).body, first.body, 'the answer as it was given');
  });

  test('under one key in parallel: one charge, everyone told the truth', async () => {
    const { id } = await hold();
    const key = { 'idempotency-key': 'parallel' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => checkout(id, card(), key)));
    const counts = countStatuses(answers);
    assert.ok(
      (counts[200] ?? 0) >= 1 && (counts[200] ?? 0) + (counts[202] ?? 0) === 20,
      JSON.stringify(counts),
    );
    assert.equal((await charges(id)).length, 1);
    assert.equal((await read(id)).status, 'confirmed');
  });

  test('lets a declined buyer try three times, with at least two minutes left', async () => {
    const { id } = await hold();
    const key = { 'idempotency-key': 'a-try' };
    const first = await checkout(id, card('4000000000000002'), key);
    assert.deepEqual([first.status, first.body.code], [402, 'payment_declined']);
    assert.equal(first.body.reason, 'declined_by_bank');
    assert.equal(first.body.booking.status, 'held');
    assert.ok(Date.parse(first.body.booking.expiresAt) - Date.now() > 115_000);
    assert.equal(
      (await checkout(id, card('4000000000009995'), key)).body.reason,
      'insufficient_funds',
      'the key is free again',
    );
    assert.equal((await checkout(id, card('4111111111111111'))).body.reason, 'unknown_card');
    const fourth = await checkout(id);
    assert.deepEqual([fourth.status, fourth.body.code], [409, 'too_many_tries']);
    assert.equal((await read(id)).status, 'held');
    assert.deepEqual(
      (await payments(id)).map((p: Json) => p.status),
      ['declined', 'declined', 'declined'],
    );
    assert.equal((await buyer.client.delete(`/bookings/${id}`)).status, 204);
  });

  test('pays after a decline', async () => {
    const { id } = await hold();
    assert.equal((await checkout(id, card('4000000000000002'))).status, 402);
    assert.equal((await checkout(id)).status, 200);
    assert.deepEqual(
      (await charges(id)).map((c) => c.state),
      ['declined', 'captured'],
    );
  });

  test('waits for the second step of the buyer', async () => {
    for (const approve of [true, false]) {
      const { id } = await hold();
      const { status, body } = await checkout(id, card('4000002500003155'));
      assert.equal(status, 202);
      assert.equal(body.status, 'paying');
      assert.equal(body.nextAction.type, 'confirm');
      assert.ok(Date.parse(body.expiresAt) - Date.now() > 600_000);
      await recover();
      assert.equal((await read(id)).status, 'paying');
      const path = new URL(body.nextAction.url).pathname.replace('/api/v1', '');
      assert.equal((await app.client().post(path, { approve })).status, 204);
      assert.equal((await read(id)).status, approve ? 'confirmed' : 'held');
      assert.deepEqual((await charges(id))[0].state, approve ? 'captured' : 'declined');
      assert.equal((await app.client().post(path, { approve })).status, 404);
    }
  });

  test('gives up a second step for the buyer who begins anew, and at the deadline', async () => {
    const { id } = await hold();
    const first = await checkout(id, card('4000002500003155'));
    assert.equal((await checkout(id)).status, 200);
    assert.deepEqual(
      (await charges(id)).map(({ state }) => state),
      ['voided', 'captured'],
    );
    assert.deepEqual(
      (await payments(id)).map((p: Json) => [p.status, p.failure]),
      [
        ['captured', null],
        ['declined', 'given_up'],
      ],
    );
    const path = new URL(first.body.nextAction.url).pathname.replace('/api/v1', '');
    assert.equal((await app.client().post(path, { approve: true })).status, 404);
    const forgotten = await hold();
    await checkout(forgotten.id, card('4000002500003155'));
    await lapse(forgotten.id);
    await recover();
    assert.equal((await payments(forgotten.id))[0].failure, 'too_late');
    assert.equal((await charges(forgotten.id))[0].state, 'voided');
    assert.equal((await read(forgotten.id)).status, 'expired');
  });

  test('repeats the second step with the booking, to its buyer alone, as long as it waits', async () => {
    const { id } = await hold();
    const { body } = await checkout(id, card('4000002500003155'));
    assert.ok(body.nextAction);
    const listed = async (status: string): Promise<Json> =>
      (await buyer.client.get(`/bookings?status=${status}`)).body.data.find((row: Json) => row.id === id);
    assert.deepEqual((await read(id)).nextAction, body.nextAction);
    assert.deepEqual((await listed('paying')).nextAction, body.nextAction);
    for (const other of [sale.organizer, (await app.people(1, 'admin'))[0]]) {
      const seen = await other.client.get(`/bookings/${id}`);
      assert.deepEqual([seen.status, 'nextAction' in seen.body], [200, false]);
    }
    assert.equal((await stranger.client.get(`/bookings/${id}`)).status, 404);
    const path = new URL(body.nextAction.url).pathname.replace('/api/v1', '');
    assert.equal((await app.client().post(path, { approve: true })).status, 204);
    assert.equal('nextAction' in (await read(id)), false);
    assert.equal('nextAction' in (await listed('confirmed')), false);
  });

  test('is paid once when another card is taken while the bank agrees', async () => {
    const answers = await Promise.all(
      Array.from({ length: 16 }, async (_, round) => {
        const { id } = await hold(1);
        const { body } = await checkout(id, card('4000002500003155'));
        const path = new URL(body.nextAction.url).pathname.replace('/api/v1', '');
        const agree = () => app.client().post(path, { approve: true });
        const [other] = await Promise.all(
          round % 2 === 0 ? [checkout(id), agree()] : [agree().then(() => checkout(id)), undefined],
        );
        return { id, other };
      }),
    );
    await recover();
    for (const { id, other } of answers) {
      assert.equal((await read(id)).status, 'confirmed');
      const states = (await charges(id)).map(({ state }) => state);
      assert.equal(states.filter((state) => state === 'captured').length, 1, states.join());
      assert.ok(!states.includes('authorized'), states.join());
      assert.ok(
        [200, 202].includes(other.status) || ['payment_under_way', 'not_held'].includes(other.body.code),
        JSON.stringify(other.body),
      );
    }
  });

  test('takes a timeout for unknown and asks what became of it', async () => {
    const [silent, late] = [await hold(), await hold()];
    const timesOut = async (id: string, number: string) => {
      const key = { 'idempotency-key': `timeout-${id}` };
      const { status, body } = await checkout(id, card(number), key);
      assert.deepEqual([status, body.status], [202, 'paying']);
      const replay = await checkout(id, card(number), key);
      assert.deepEqual([replay.status, replay.body.status], [202, 'paying']);
    };
    await Promise.all([timesOut(silent.id, '4000000000000408'), timesOut(late.id, '4000000000000416')]);
    await recover();
    assert.equal((await read(silent.id)).status, 'held', 'no charge was made: the buyer may try again');
    assert.equal((await read(late.id)).status, 'confirmed', 'the charge was made: the seats are sold');
    assert.deepEqual(await charges(late.id), [{ state: 'captured', amount: 4000, refunded: 0 }]);
    const key = { 'idempotency-key': `timeout-${late.id}` };
    assert.equal((await checkout(late.id, card('4000000000000416'), key)).body.status, 'confirmed');
    assert.equal((await checkout(silent.id)).status, 200);
  });

  test('confirms what costs nothing without a provider', async () => {
    const hall = plainHall(1, 10);
    const free = await openSale(app, hall, {
      priceTiers: [{ name: 'Free', price: 0, category: 'C0' }],
    });
    const held = await buyer.client.post(`/events/${free.eventId}/holds`, { seats: [0, 1] });
    const key = { 'idempotency-key': 'for-nothing' };
    const done = await checkout(held.body.id, {}, key);
    assert.deepEqual([done.status, done.body.status, done.body.total], [200, 'confirmed', 0]);
    assert.deepEqual((await checkout(held.body.id, {}, key)).body, done.body);
    assert.deepEqual(await payments(held.body.id), []);
    const cancelled = await buyer.client.post(`/bookings/${held.body.id}/cancel`, {});
    assert.deepEqual([cancelled.status, cancelled.body.status], [200, 'cancelled']);
  });

  test('takes no money and gives no seats when the hold is over', async () => {
    const { id } = await hold();
    await lapse(id);
    const late = await checkout(id);
    assert.deepEqual([late.status, late.body.code], [409, 'hold_expired']);
    assert.deepEqual(await charges(id), []);
    const released = await hold();
    await buyer.client.delete(`/bookings/${released.id}`);
    assert.equal((await checkout(released.id)).body.code, 'not_held');
  });

  test('refuses bad input, each with its own code', async () => {
    const { id } = await hold();
    const cases: [object | string, number, string][] = [
      [{}, 422, 'payment_required'],
      [{ payment: { ...card().payment, method: 'cash' } }, 422, 'validation_failed'],
      [{ payment: { method: 'card' } }, 400, 'missing_field'],
      [{ payment: { method: 'card', card: { number: 4242424242424242 } } }, 400, 'wrong_type'],
      [card('4242424242424241'), 422, 'validation_failed'],
      [card('4242'), 422, 'validation_failed'],
      [{ ...card(), amount: 1 }, 400, 'unknown_field'],
      ['{"payment":', 400, 'malformed_json'],
    ];
    for (const [body, status, code] of cases) {
      const answer = await checkout(id, body as object);
      assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(body));
    }
    assert.equal((await stranger.client.post(`/bookings/${id}/checkout`, card())).status, 404);
    assert.equal((await sale.organizer.client.post(`/bookings/${id}/checkout`, card())).status, 404);
    assert.equal((await app.client().post(`/bookings/${id}/checkout`, card())).status, 401);
    assert.equal((await checkout(newId())).status, 404);
    assert.equal((await read(id)).status, 'held');
    assert.deepEqual(await charges(id), []);
    const spaced = await checkout(id, card('4242 4242 4242 4242'));
    assert.equal(spaced.status, 200);
  });

  test('shows payments to their buyer only', async () => {
    await paid();
    const mine = await buyer.client.get('/payments?limit=1');
    assert.equal(mine.body.data.length, 1);
    const next = await buyer.client.get(`/payments?limit=1&cursor=${mine.body.next}`);
    assert.ok(next.body.data[0].id < mine.body.data[0].id);
    assert.deepEqual((await stranger.client.get('/payments')).body, { data: [], next: null });
    assert.equal((await app.client().get('/payments')).status, 401);
  });

  describe('a crash between two steps ends in money and ticket, or neither', () => {
    const begin = async () => {
      const held = await hold();
      const saga = { id: newId(), lease: newId(), seconds: 600 };
      const data = { free: false, substitutes: false };
      const begun = { saga, data, eventId: sale.eventId, bookingId: held.id, userId: buyer.id };
      await steps().begin({ ...begun, provider: 'sandbox', method: 'card', seconds: 900 }, undefined, 0);
      const run = {
        ...saga,
        data,
        subjectId: held.id,
        eventId: sale.eventId,
        attempt: 1,
        actor: null,
        reason: null,
      };
      return { id: held.id as string, run, key: `pay_${saga.id}` };
    };
    const steps = () => app.nest.get(CheckoutRepository);
    const authorize = (key: string) =>
      app.nest.get(SandboxProviderService).authorize(
        {
          ...handle(key),
          amount: 4000,
          currency: 'EUR',
          bookingId: newId(),
          paymentMethod: { method: 'card', card: { number: GOOD } },
        },
        AbortSignal.timeout(1_000),
      );
    /** The step before is persisted, the effect of this one is there, and then the process died. */
    const sellAuthorized = async (run: CheckoutRun) => {
      await app.db.query('UPDATE saga SET step = 2 WHERE id = $1', [run.id]);
      assert.equal((await steps().confirm(run, 0)).outcome, 'ok');
    };

    test('before the provider was asked', async () => {
      const { id } = await begin();
      await recover();
      assert.equal((await read(id)).status, 'held');
      assert.deepEqual(await charges(id), []);
    });

    test('after the provider was asked', async () => {
      const { id, key } = await begin();
      await authorize(key);
      await recover();
      assert.equal((await read(id)).status, 'confirmed');
      assert.deepEqual((await charges(id))[0].state, 'captured');
    });

    test('after the seats were confirmed', async () => {
      const { id, key, run } = await begin();
      await authorize(key);
      await sellAuthorized(run);
      await recover();
      assert.equal((await payments(id))[0].status, 'captured');
      assert.deepEqual((await charges(id))[0].state, 'captured');
    });

    test('after the money was captured', async () => {
      const { id, key, run } = await begin();
      await authorize(key);
      await sellAuthorized(run);
      await app.nest.get(SandboxProviderService).capture(handle(key), AbortSignal.timeout(1_000));
      await recover();
      assert.equal((await payments(id))[0].status, 'captured');
      assert.deepEqual(await charges(id), [{ state: 'captured', amount: 4000, refunded: 0 }]);
    });

    test('and whoever wakes up after that changes nothing', async () => {
      const { id, run } = await begin();
      await recover();
      for (const step of ['confirm', 'returnToHold', 'undo'] as const)
        await assert.rejects(steps()[step](run, 0), /led by somebody else/);
      assert.equal((await read(id)).status, 'held');
    });

    test('and the request arrives long after it was given up: it is found and given back', async () => {
      const { id, key } = await begin();
      await recover();
      assert.equal((await payments(id))[0].status, 'declined');
      await authorize(key);
      await app.nest.get(ReconciliationService).run(new Date(Date.now() - 60_000));
      assert.deepEqual((await charges(id))[0].state, 'voided');
      assert.equal((await checkout(id)).status, 200);
    });

    test('and the money cannot be captured: the seats come back', async () => {
      const held = await hold();
      const { status, body } = await checkout(held.id, card('4000000000000606'));
      assert.deepEqual([status, body.code, body.reason], [402, 'payment_not_collected', 'capture_failed']);
      assert.deepEqual(
        [body.booking.id, body.booking.status, body.booking.endReason],
        [held.id, 'cancelled', 'payment_not_collected'],
      );
      assert.equal((await read(held.id)).status, 'cancelled');
      assert.deepEqual(await seatStates(app, held), [SEAT.FREE]);
    });
  });
});
