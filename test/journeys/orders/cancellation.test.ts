import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { CancellationRepository } from '../../../src/orders/cancellation/cancellation.repository.js';
import { SandboxProviderService } from '../../../src/payments/providers/sandbox-provider.service.js';
import { newId } from '../../../src/platform/common/ids.js';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Answer, Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { countStatuses } from '../../support/load.js';
import { assertMoneyBalances, assertMoneyTold, charges, GOOD } from '../../support/money.js';
import type { Person } from '../../support/people.js';
import { seatStates } from '../../support/seat-states.js';
import { until } from '../../support/until.js';

const REFUSES_REFUNDS = '4000000000000507';
const LATE_CAPTURE = '4000000000000614';
const LATE_REFUND = '4000000000000523';

describe('cancellation', () => {
  let app: TestApp;
  let sale: Sale;
  let buyer: Person;
  let stranger: Person;
  let admin: Person;
  let seat = 0;

  const paid = async (count = 2, areas = 0, number = GOOD): Promise<Json> => {
    const held = await buyer.client.post(`/events/${sale.eventId}/holds`, {
      seats: Array.from({ length: count }, () => seat++),
      ...(areas > 0 && { areas: [{ area: 'Floor', quantity: areas }] }),
    });
    const payment = { method: 'card', card: { number } };
    const { status, body } = await buyer.client.post(`/bookings/${held.body.id}/checkout`, { payment });
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };
  const read = async (id: string) => (await buyer.client.get(`/bookings/${id}`)).body;
  const payments = async (id: string) => (await buyer.client.get(`/payments?bookingId=${id}`)).body.data;

  beforeAll(async () => {
    app = await startApp({
      inventory: { sweeper: false },
      payments: { timeoutMs: 500 },
      sagas: { leaseMs: 2_000 },
    });
    sale = await openSale(app, plainHall(20, 20, [{ name: 'Floor', capacity: 100 }]));
    [buyer, stranger] = await app.people(2);
    [admin] = await app.people(1, 'admin');
  });

  afterAll(async () => {
    await assertMoneyBalances(app);
    await assertMoneyTold(app);
    await assertAuditClean(app);
    await app.close();
  });

  const cancel = (id: string, body: object = {}, person = buyer, headers = {}): Promise<Answer> =>
    person.client.post(`/bookings/${id}/cancel`, body, headers);

  test('refunds a booking and frees its seats', async () => {
    const booking = await paid(2, 1);
    const { status, body } = await cancel(booking.id);
    assert.deepEqual([status, body.status, body.total], [200, 'cancelled', 5000]);
    assert.deepEqual(await seatStates(app, booking), [SEAT.FREE]);
    assert.deepEqual(await charges(app, booking.id), [{ state: 'captured', amount: 5000, refunded: 5000 }]);
    const [{ refunds }] = await payments(booking.id);
    assert.deepEqual([refunds.length, refunds[0].amount, refunds[0].status], [1, 5000, 'succeeded']);
    const again = await cancel(booking.id);
    assert.deepEqual([again.status, again.body], [200, body]);
    assert.equal((await charges(app, booking.id))[0]!.refunded, 5000);
    const rebooked = await stranger.client.post(`/events/${sale.eventId}/holds`, {
      seats: [booking.items[0].seat.n],
    });
    assert.equal(rebooked.status, 201);
  });

  test('cancels single items; the others stay good', async () => {
    const booking = await paid(3, 1);
    const [first, , , place] = booking.items;
    const part = await cancel(booking.id, { items: [first.id, place.id] });
    assert.deepEqual([part.status, part.body.status], [200, 'confirmed']);
    assert.deepEqual(
      part.body.items.map((i: Json) => i.status),
      ['cancelled', 'confirmed', 'confirmed', 'cancelled'],
    );
    assert.equal((await charges(app, booking.id))[0]!.refunded, 3000);
    assert.equal((await cancel(booking.id, { items: [first.id] })).status, 200, 'twice is once');
    assert.equal((await charges(app, booking.id))[0]!.refunded, 3000);
    const rest = await cancel(booking.id);
    assert.equal(rest.body.status, 'cancelled');
    assert.equal((await charges(app, booking.id))[0]!.refunded, 7000);
  });

  test('refunds once, however many cancellations run at the same time', async () => {
    const booking = await paid(2);
    const answers = await Promise.all(Array.from({ length: 20 }, () => cancel(booking.id)));
    assert.ok(
      answers.every(({ status }) => status === 200 || status === 202),
      JSON.stringify(countStatuses(answers)),
    );
    assert.equal((await charges(app, booking.id))[0]!.refunded, 4000);
    assert.equal((await read(booking.id)).status, 'cancelled');
  });

  test('repeats its answer under an idempotency key', async () => {
    const booking = await paid(2);
    const key = { 'idempotency-key': 'cancel-once' };
    const [{ id }] = booking.items;
    const first = await cancel(booking.id, { items: [id] }, buyer, key);
    await cancel(booking.id);
    const again = await cancel(booking.id, { items: [id] }, buyer, key);
    assert.deepEqual(again.body, first.body);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    assert.equal((await cancel(booking.id, {}, buyer, key)).body.code, 'idempotency_key_reused');
  });

  test('keeps the seats when the refund is refused', async () => {
    const booking = await paid(1, 0, REFUSES_REFUNDS);
    const { status, body } = await cancel(booking.id);
    assert.deepEqual([status, body.status], [202, 'cancelling']);
    assert.deepEqual(await seatStates(app, booking), [SEAT.BOOKED]);
    const [{ refunds }] = await payments(booking.id);
    assert.equal(refunds[0].status, 'refused');
    const taken = await stranger.client.post(`/events/${sale.eventId}/holds`, {
      seats: [booking.items[0].seat.n],
    });
    assert.equal(taken.body.code, 'seats_taken');
  });

  test('is finished after a crash before or after the refund', async () => {
    for (const asked of [false, true]) {
      const booking = await paid(2);
      const saga = { id: newId(), lease: newId(), seconds: 0.3 };
      const refundId = newId();
      await app.nest.get(CancellationRepository).begin(
        {
          eventId: sale.eventId,
          bookingId: booking.id,
          items: undefined,
          offer: booking.items.map((item: Json) => ({ id: item.id, amount: item.price })),
          cause: 'buyer',
          refundId,
          saga,
          actor: buyer.id,
        },
        undefined,
        0,
      );
      assert.equal((await read(booking.id)).status, 'cancelling');
      const { rows } = await app.db.query(
        'SELECT idempotency_key AS key, created_at AS "createdAt" FROM payment WHERE booking_id = $1',
        [booking.id],
      );
      const refund = { key: `ref_${refundId}`, charge: { ...rows[0], ref: null }, amount: 4000 };
      if (asked) await app.nest.get(SandboxProviderService).refund(refund, AbortSignal.timeout(1_000));
      await until(async () => (await read(booking.id)).status === 'cancelled');
      assert.equal((await charges(app, booking.id))[0]!.refunded, 4000);
    }
  });

  test('is for its buyer, the organizer and admins, before the event starts', async () => {
    const booking = await paid(1);
    assert.equal((await cancel(booking.id, {}, stranger)).status, 404);
    assert.equal((await cancel(booking.id, {}, admin)).body.status, 'cancelled');
    const other = await paid(1);
    assert.equal((await cancel(other.id, {}, sale.organizer)).body.status, 'cancelled');
    const held = await buyer.client.post(`/events/${sale.eventId}/holds`, { seats: [seat++] });
    assert.equal((await cancel(held.body.id)).body.code, 'not_confirmed');
    const late = await paid(1);
    await app.db.query(`UPDATE event SET starts_at = now() - interval '1 minute' WHERE id = $1`, [
      sale.eventId,
    ]);
    assert.equal((await cancel(late.id)).body.code, 'event_started');
    await app.db.query(`UPDATE event SET starts_at = now() + interval '1 day' WHERE id = $1`, [sale.eventId]);
  });

  test('refuses bad input, each with its own code', async () => {
    const booking = await paid(1);
    const foreign = await paid(1);
    const cases: [object, number, string][] = [
      [{ items: [] }, 422, 'validation_failed'],
      [{ items: 'all' }, 400, 'wrong_type'],
      [{ items: ['x'] }, 422, 'validation_failed'],
      [{ items: [booking.items[0].id, booking.items[0].id] }, 422, 'validation_failed'],
      [{ reason: 'ill' }, 400, 'unknown_field'],
      [{ items: [foreign.items[0].id] }, 409, 'items_not_confirmed'],
      [{ items: [booking.items[0].id, foreign.items[0].id] }, 409, 'items_not_confirmed'],
    ];
    for (const [body, status, code] of cases) {
      const answer = await cancel(booking.id, body);
      assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(body));
    }
    assert.equal((await read(booking.id)).status, 'confirmed');
    assert.equal((await charges(app, booking.id))[0]!.refunded, 0);
  });

  test('takes items of one booking from several requests, each once', async () => {
    const booking = await paid(8);
    const items: string[] = booking.items.map(({ id }: Json) => id);
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, i) =>
        cancel(booking.id, { items: [items[i % 8]!, items[(i + 1) % 8]!] }),
      ),
    );
    assert.ok(
      answers.every(({ status }) => status === 200 || status === 202),
      JSON.stringify(countStatuses(answers)),
    );
    assert.equal((await read(booking.id)).status, 'cancelled');
    assert.deepEqual(await charges(app, booking.id), [
      { state: 'captured', amount: 16_000, refunded: 16_000 },
    ]);
  });

  test('waits for a capture that is not known yet', async () => {
    const held = await buyer.client.post(`/events/${sale.eventId}/holds`, { seats: [seat++, seat++] });
    const payment = { method: 'card', card: { number: LATE_CAPTURE } };
    await buyer.client.post(`/bookings/${held.body.id}/checkout`, { payment });
    await cancel(held.body.id);
    await until(async () => (await read(held.body.id)).status === 'cancelled');
    assert.deepEqual(await charges(app, held.body.id), [{ state: 'captured', amount: 4000, refunded: 4000 }]);
  });

  test('asks again for a refund that was made without an answer, and makes it once', async () => {
    const booking = await paid(2, 0, LATE_REFUND);
    assert.equal((await cancel(booking.id)).status, 202);
    await until(async () => (await read(booking.id)).status === 'cancelled');
    assert.equal((await charges(app, booking.id))[0]!.refunded, 4000);
  });

  describe('a refused refund', () => {
    const refused = async () => {
      const booking = await paid(1, 0, REFUSES_REFUNDS);
      assert.equal((await cancel(booking.id)).status, 202);
      const { body } = await admin.client.get(`/admin/sagas?state=stuck&subjectId=${booking.id}`);
      const [saga] = body.data;
      assert.deepEqual([saga.kind, saga.step, saga.reason], ['cancellation', 'refund', 'refund_refused']);
      const detail = await admin.client.get(`/admin/sagas/${saga.id}`);
      return { booking, sagaId: saga.id as string, refundId: detail.body.data.refundId as string };
    };
    const settle = (refundId: string, body: object, person = admin) =>
      person.client.post(`/admin/refunds/${refundId}/settle`, body);

    test('is asked for again by an operator', async () => {
      const { booking, sagaId } = await refused();
      await admin.client.post(`/admin/sagas/${sagaId}/retry`);
      await until(async () => (await admin.client.get(`/admin/sagas/${sagaId}`)).body.state === 'stuck');
      await app.db.query(
        `UPDATE sandbox_charge SET behaviour = 'succeed' FROM payment p WHERE p.idempotency_key = key AND p.booking_id = $1`,
        [booking.id],
      );
      await admin.client.post(`/admin/sagas/${sagaId}/retry`);
      await until(async () => (await read(booking.id)).status === 'cancelled');
      assert.equal((await charges(app, booking.id))[0]!.refunded, 2000);
      assert.deepEqual(await seatStates(app, booking), [SEAT.FREE]);
    });

    test('is ended by hand when the money went another way, and its seat is free', async () => {
      const { booking, refundId } = await refused();
      const settled = await settle(refundId, { how: 'paid_elsewhere', note: 'Bank transfer' });
      assert.deepEqual(settled.body, {
        id: refundId,
        bookingId: booking.id,
        amount: 2000,
        status: 'succeeded',
        settled: 'paid_elsewhere',
      });
      assert.equal((await read(booking.id)).status, 'cancelled');
      assert.deepEqual(await seatStates(app, booking), [SEAT.FREE]);
      const { rows } = await app.db.query(
        `SELECT data ->> 'how' AS how, actor FROM fact WHERE stream_id = $1 AND type = 'refund.settled'`,
        [refundId],
      );
      assert.deepEqual(rows, [{ how: 'paid_elsewhere', actor: admin.id }]);
      const again = await settle(refundId, { how: 'paid_elsewhere', note: 'twice' });
      assert.deepEqual([again.status, again.body.code], [409, 'refund_not_stuck']);
    });

    test('is ended by hand when nothing is owed', async () => {
      const { booking, refundId } = await refused();
      const { body } = await settle(refundId, { how: 'not_owed', note: 'The bank took it back' });
      assert.deepEqual([body.status, body.amount], ['succeeded', 0]);
      assert.equal((await read(booking.id)).status, 'cancelled');
    });

    test('is the business of administrators, with good input', async () => {
      const { refundId } = await refused();
      const good = { how: 'not_owed', note: 'x' };
      assert.equal((await settle(refundId, good, sale.organizer)).status, 403);
      assert.equal((await settle(refundId, good, buyer)).status, 403);
      assert.equal((await app.client().post(`/admin/refunds/${refundId}/settle`, good)).status, 401);
      const cases: [string, object, number, string][] = [
        [newId(), good, 404, 'not_found'],
        ['x', good, 400, 'invalid_parameter'],
        [refundId, {}, 400, 'missing_field'],
        [refundId, { ...good, how: 'somehow' }, 422, 'validation_failed'],
        [refundId, { ...good, note: '' }, 422, 'validation_failed'],
        [refundId, { ...good, amount: 1 }, 400, 'unknown_field'],
      ];
      for (const [id, body, status, code] of cases) {
        const answer = await settle(id, body);
        assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(body));
      }
    });
  });

  describe('under a refund policy', () => {
    const HOUR = 3_600_000;
    const policy = {
      fullUntilHours: 48,
      partialUntilHours: 24,
      partialPercent: 33,
      feePerTicket: 100,
      refundFees: false,
    };
    let staged: Sale;
    let next = 0;

    const startsIn = (hours: number) =>
      app.db.query(
        `UPDATE event SET starts_at = now() + make_interval(hours => $2), ends_at = now() + make_interval(hours => $2 + 2)
         WHERE id = $1`,
        [staged.eventId, hours],
      );
    const bought = async (count = 2): Promise<Json> => {
      const seats = Array.from({ length: count }, () => next++);
      const held = await buyer.client.post(`/events/${staged.eventId}/holds`, { seats });
      const payment = { method: 'card', card: { number: GOOD } };
      return (await buyer.client.post(`/bookings/${held.body.id}/checkout`, { payment })).body;
    };
    const quote = (id: string, query = '', person = buyer) =>
      person.client.get(`/bookings/${id}/refund-quote${query}`);
    const setPolicy = async (refundPolicy: object): Promise<Answer> => {
      const { client } = staged.organizer;
      const { headers } = await client.get(`/events/${staged.eventId}`);
      return client.patch(`/events/${staged.eventId}`, { refundPolicy }, { 'if-match': headers.etag! });
    };

    beforeAll(async () => {
      staged = await openSale(app, plainHall(4, 20), { refundPolicy: policy });
    });

    test('keeps fees, then a part, then all, and says so before', async () => {
      const stages: [hours: number, amount: number, holdsHours: number][] = [
        [72, 3800, 24],
        [36, 1254, 12],
        [12, 0, 12],
      ];
      for (const [hours, amount, holds] of stages) {
        await startsIn(hours);
        const booking = await bought();
        const { body } = await quote(booking.id);
        assert.deepEqual([body.price, body.amount, body.items.length], [4000, amount, 2]);
        assert.ok(
          Math.abs(Date.parse(body.validUntil) - Date.now() - holds * HOUR) < 60_000,
          body.validUntil,
        );
        const { status } = await cancel(booking.id);
        assert.equal(status, 200);
        assert.equal((await charges(app, booking.id))[0]!.refunded, amount);
        const [{ refunds }] = await payments(booking.id);
        assert.deepEqual([refunds[0].amount, refunds[0].status], [amount, 'succeeded']);
      }
    });

    test('pays back by item what it pays back for all', async () => {
      await startsIn(36);
      const booking = await bought(3);
      for (const { id } of booking.items) {
        assert.equal((await quote(booking.id, `?items=${id}`)).body.amount, 627);
        await cancel(booking.id, { items: [id] });
      }
      assert.equal((await charges(app, booking.id))[0]!.refunded, 3 * 627);
    });

    test('pays everything back to whom the organizer sends away', async () => {
      await startsIn(12);
      const booking = await bought();
      assert.equal((await quote(booking.id, '', staged.organizer)).body.amount, 4000);
      await cancel(booking.id, {}, staged.organizer);
      assert.equal((await charges(app, booking.id))[0]!.refunded, 4000);
    });

    test('gives the buyer the better of what was agreed and what is in force', async () => {
      await startsIn(36);
      const before = await bought();
      assert.equal((await setPolicy({ ...policy, partialPercent: 0 })).status, 200);
      const after = await bought();
      assert.equal((await quote(before.id)).body.amount, 1254);
      assert.equal((await quote(after.id)).body.amount, 0);
      await setPolicy({ fullUntilHours: 0 });
      assert.equal((await quote(before.id)).body.amount, 4000);
      assert.equal((await quote(after.id)).body.amount, 4000);
      await setPolicy(policy);
      assert.equal((await quote(after.id)).body.amount, 1254);
    });

    test('refuses bad policies and bad questions', async () => {
      const bad: [object, number][] = [
        [{ fullUntilHours: 24, partialUntilHours: 24 }, 422],
        [{ partialPercent: 101 }, 422],
        [{ partialPercent: 0.5 }, 400],
        [{ feePerTicket: -1 }, 422],
        [{ fullUntilHours: '24' }, 400],
        [{ nothing: 1 }, 400],
      ];
      for (const [wrong, status] of bad)
        assert.equal((await setPolicy(wrong)).status, status, JSON.stringify(wrong));
      const booking = await bought();
      const held = await buyer.client.post(`/events/${staged.eventId}/holds`, { seats: [next++] });
      const cases: [string, string, Person, number, string][] = [
        [newId(), '', buyer, 404, 'not_found'],
        [booking.id, '', stranger, 404, 'not_found'],
        [booking.id, '?items=x', buyer, 400, 'invalid_query'],
        [booking.id, `?items=${newId()}`, buyer, 409, 'items_not_confirmed'],
        [booking.id, '?item=x', buyer, 400, 'invalid_query'],
        [held.body.id, '', buyer, 409, 'not_confirmed'],
      ];
      for (const [id, query, person, status, code] of cases) {
        const answer = await quote(id, query, person);
        assert.deepEqual([answer.status, answer.body.code], [status, code], query);
      }
      assert.equal((await app.client().get(`/bookings/${booking.id}/refund-quote`)).status, 401);
      await cancel(booking.id);
      assert.equal((await quote(booking.id)).body.code, 'not_confirmed');
    });
  });

  test('is not for tickets that somebody else holds', async () => {
    const booking = await paid(2);
    await app.db.query('UPDATE ticket SET holder_id = $2 WHERE item_id = $1', [
      booking.items[0].id,
      stranger.id,
    ]);
    const refused = await cancel(booking.id);
    assert.deepEqual([refused.status, refused.body.code], [409, 'ticket_transferred']);
    assert.equal((await cancel(booking.id, { items: [booking.items[1].id] })).status, 200);
    assert.equal((await read(booking.id)).status, 'confirmed');
  });

  test('does not wait for a ticket that is just changing hands, nor cancel it', async () => {
    const booking = await paid(2);
    const hands = await app.db.connect();
    await hands.query('BEGIN');
    await hands.query('UPDATE ticket SET holder_id = $2 WHERE item_id = $1', [
      booking.items[0].id,
      stranger.id,
    ]);
    assert.equal((await cancel(booking.id)).body.code, 'ticket_in_use');
    await hands.query('COMMIT');
    hands.release();
    assert.equal((await cancel(booking.id)).body.code, 'ticket_transferred');
    assert.equal((await cancel(booking.id, {}, sale.organizer)).body.status, 'cancelled');
  });
});
