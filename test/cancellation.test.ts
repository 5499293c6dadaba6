import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CancellationRepository } from '../src/cancellation/cancellation.repository.js';
import type { IdempotentCall } from '../src/common/idempotent-call.js';
import { newId } from '../src/common/ids.js';
import { SandboxProvider } from '../src/payments/sandbox-provider.service.js';
import { startApp, type TestApp } from './support/app.js';
import { assertAuditClean } from './support/audit.js';
import type { Answer, Json } from './support/client.js';
import { openSale, plainHall, type Sale } from './support/halls.js';
import { countStatuses } from './support/load.js';
import { assertMoneyBalances, assertMoneyTold, charges } from './support/money.js';
import type { Person } from './support/people.js';
import { until } from './support/until.js';

const GOOD = '4242424242424242';
const REFUSES_REFUNDS = '4000000000000507';
const NO_KEY = { claim: [null, null, null] } as unknown as IdempotentCall;

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
  const seatStates = async (booking: Json) =>
    (
      await app.db.query('SELECT DISTINCT state FROM seat WHERE event_id = $1 AND n = ANY ($2)', [
        sale.eventId,
        booking.items.flatMap((i: Json) => (i.seat ? [i.seat.n] : [])),
      ])
    ).rows.map((row) => row.state);

  before(async () => {
    app = await startApp({ sweeper: false, paymentTimeoutMs: 500, sagaLeaseMs: 2_000 });
    sale = await openSale(app, plainHall(20, 20, [{ name: 'Floor', capacity: 100 }]));
    [buyer, stranger] = (await app.people(2)) as [Person, Person];
    [admin] = (await app.people(1, 'admin')) as [Person];
  });

  after(async () => {
    await assertMoneyBalances(app, 20);
    await assertMoneyTold(app);
    await assertAuditClean(app);
    await app.close();
  });

  const cancel = (id: string, body: object = {}, person = buyer, headers = {}): Promise<Answer> =>
    person.client.post(`/bookings/${id}/cancel`, body, headers);

  it('refunds a booking and frees its seats', async () => {
    const booking = await paid(2, 1);
    const { status, body } = await cancel(booking.id);
    assert.deepEqual([status, body.status, body.total], [200, 'cancelled', 5000]);
    assert.deepEqual(await seatStates(booking), [0]);
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

  it('cancels single items; the others stay good', async () => {
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

  it('refunds once, however many cancellations run at the same time', async () => {
    const booking = await paid(2);
    const answers = await Promise.all(Array.from({ length: 20 }, () => cancel(booking.id)));
    assert.ok(
      answers.every(({ status }) => status === 200 || status === 202),
      JSON.stringify(countStatuses(answers)),
    );
    assert.equal((await charges(app, booking.id))[0]!.refunded, 4000);
    assert.equal((await read(booking.id)).status, 'cancelled');
  });

  it('repeats its answer under an idempotency key', async () => {
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

  it('keeps the seats when the refund is refused', async () => {
    const booking = await paid(1, 0, REFUSES_REFUNDS);
    const { status, body } = await cancel(booking.id);
    assert.deepEqual([status, body.status], [202, 'cancelling']);
    assert.deepEqual(await seatStates(booking), [2]);
    const [{ refunds }] = await payments(booking.id);
    assert.equal(refunds[0].status, 'refused');
    const taken = await stranger.client.post(`/events/${sale.eventId}/holds`, {
      seats: [booking.items[0].seat.n],
    });
    assert.equal(taken.body.code, 'seats_taken');
  });

  it('is finished after a crash before or after the refund', async () => {
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
        NO_KEY,
        0,
      );
      assert.equal((await read(booking.id)).status, 'cancelling');
      const { rows } = await app.db.query(
        'SELECT idempotency_key AS key, created_at AS "createdAt" FROM payment WHERE booking_id = $1',
        [booking.id],
      );
      const refund = { key: `ref_${refundId}`, charge: { ...rows[0], ref: null }, amount: 4000 };
      if (asked) await app.nest.get(SandboxProvider).refund(refund, AbortSignal.timeout(1_000));
      await until(async () => (await read(booking.id)).status === 'cancelled');
      assert.equal((await charges(app, booking.id))[0]!.refunded, 4000);
    }
  });

  it('is for its buyer, the organizer and admins, before the event starts', async () => {
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

  it('refuses bad input, each with its own code', async () => {
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
});
