import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../src/common/ids.js';
import { startApp, type TestApp } from './support/app.js';
import { assertAuditClean } from './support/audit.js';
import type { Json } from './support/client.js';
import { openSale, plainHall, type Sale } from './support/halls.js';
import { rush } from './support/load.js';
import { assertMoneyBalances, assertMoneyTold, card, charges, GOOD } from './support/money.js';
import type { Person } from './support/people.js';
import { until } from './support/until.js';

const REFUSES_REFUNDS = '4000000000000507';
const SECOND_STEP = '4000002500003155';

describe('cancellation of an event', () => {
  let app: TestApp;
  let buyers: Person[];
  let admin: Person;

  const hold = async (sale: Sale, seats: number[], buyer = buyers[0]!): Promise<Json> => {
    const { status, body } = await buyer.client.post(`/events/${sale.eventId}/holds`, { seats });
    assert.equal(status, 201, JSON.stringify(body));
    return body;
  };
  const buy = async (sale: Sale, seats: number[], number = GOOD, buyer = buyers[0]!): Promise<Json> => {
    const { id } = await hold(sale, seats, buyer);
    const { status, body } = await buyer.client.post(`/bookings/${id}/checkout`, card(number));
    assert.ok(status === 200 || status === 202, JSON.stringify(body));
    return body;
  };
  const cancel = ({ eventId, organizer }: Sale, body?: object, headers = {}) =>
    organizer.client.post(`/events/${eventId}/cancel`, body, headers);
  const progress = async ({ eventId, organizer }: Sale): Promise<Json> =>
    (await organizer.client.get(`/events/${eventId}/cancellation`)).body;
  const completes = async (sale: Sale): Promise<Json> => {
    await until(async () => (await progress(sale)).state === 'completed', 60_000);
    return progress(sale);
  };
  const seatStates = async ({ eventId }: Sale) =>
    (await app.db.query('SELECT state, count(*)::int FROM seat WHERE event_id = $1 GROUP BY 1', [eventId]))
      .rows;

  before(async () => {
    app = await startApp({ sweeper: false, sagaLeaseMs: 2_000, paymentTimeoutMs: 1_000 });
    buyers = await app.people(20);
    [admin] = (await app.people(1, 'admin')) as [Person];
  });

  after(async () => {
    await assertMoneyBalances(app);
    await assertMoneyTold(app);
    await assertAuditClean(app);
    await app.close();
  });

  it('ends the sale at once, and holds and payments after it', async () => {
    const sale = await openSale(app, plainHall(2, 10, [{ name: 'Floor', capacity: 9 }]));
    const held = await hold(sale, [0, 1]);
    const lapsed = await hold(sale, [2]);
    await app.db.query(`UPDATE booking SET expires_at = now() - interval '1 s' WHERE id = $1`, [lapsed.id]);
    await app.db.query(`UPDATE seat SET hold_until = now() - interval '1 s' WHERE booking_id = $1`, [
      lapsed.id,
    ]);
    const waiting = await buy(sale, [3], SECOND_STEP);
    assert.equal(waiting.status, 'paying');
    const { status, body } = await cancel(sale, { reason: 'The hall was flooded.' });
    assert.deepEqual(
      [status, body.status, body.cancellationReason],
      [200, 'cancelled', 'The hall was flooded.'],
    );
    assert.ok(body.cancelledAt);
    const late = await buyers[1]!.client.post(`/events/${sale.eventId}/holds`, { seats: [9] });
    assert.deepEqual([late.status, late.body.code], [409, 'event_ended']);
    const done = await completes(sale);
    assert.deepEqual([done.holds, done.bookings.total, done.reason], [0, 0, 'The hall was flooded.']);
    const read = async (id: string) => (await buyers[0]!.client.get(`/bookings/${id}`)).body.status;
    assert.deepEqual([await read(held.id), await read(lapsed.id)], ['released', 'expired']);
    assert.ok(['released', 'expired'].includes(await read(waiting.id)));
    assert.deepEqual(await seatStates(sale), [{ state: 0, count: 20 }]);
    const again = await cancel(sale);
    assert.deepEqual([again.status, again.body.code], [409, 'event_ended']);
  });

  it('pays 300 bookings of a hall of 5,000 seats back in full; refused ones are listed until they are settled', async () => {
    const never = { fullUntilHours: null, feePerTicket: 500, refundFees: false };
    const sale = await openSale(app, plainHall(100, 50), { refundPolicy: never });
    const bookings = await rush(300, 16, async (i) => {
      const buyer = buyers[i % buyers.length]!;
      const { id } = await hold(sale, [i * 3, i * 3 + 1, i * 3 + 2], buyer);
      return buyer.client.post(`/bookings/${id}/checkout`, card(i % 50 === 7 ? REFUSES_REFUNDS : GOOD));
    });
    assert.deepEqual(bookings.statuses, { 200: 300 });
    const key = { 'idempotency-key': 'call-off' };
    const began = performance.now();
    const { body } = await cancel(sale, {}, key);
    assert.deepEqual((await cancel(sale, {}, key)).body, body);
    await until(async () => (await progress(sale)).bookings.pending === 0, 60_000);
    console.log(`300 bookings paid back in ${Math.round(performance.now() - began)} ms`);
    const stuck = await progress(sale);
    assert.deepEqual(
      [stuck.state, stuck.bookings, stuck.amounts],
      [
        'running',
        { total: 300, refunded: 294, pending: 0, refused: 6 },
        { total: 1_800_000, refunded: 1_764_000, pending: 0, refused: 36_000 },
      ],
    );
    assert.equal(stuck.refusals.length, 6);
    assert.deepEqual([stuck.refusals[0].amount, stuck.refusals[0].reason], [6_000, 'refund_refused']);
    for (const { refundId } of stuck.refusals)
      await admin.client.post(`/admin/refunds/${refundId}/settle`, {
        how: 'paid_elsewhere',
        note: 'By transfer',
      });
    assert.equal((await progress(sale)).state, 'completed');
    assert.deepEqual(await seatStates(sale), [{ state: 0, count: 5_000 }]);
    assert.equal((await charges(app, bookings.answers[0]!.body.id))[0]!.refunded, 6_000);
  });

  it('in a rush of holds, checkouts and cancellations: money or ticket, never both', async () => {
    const sale = await openSale(app, plainHall(20, 20));
    let seat = 0;
    const cards = [GOOD, GOOD, GOOD, '4000000000000002', SECOND_STEP, '4000000000000606'];
    let sold = 0;
    const crowd = rush(160, 24, async (i) => {
      const buyer = buyers[i % buyers.length]!;
      const held = await buyer.client.post(`/events/${sale.eventId}/holds`, { seats: [seat++, seat++] });
      if (held.status !== 201) return held;
      const paid = await buyer.client.post(
        `/bookings/${held.body.id}/checkout`,
        card(cards[i % cards.length]!),
      );
      if (paid.status === 200) sold++;
      if (paid.status === 200 && i % 5 === 0) await buyer.client.post(`/bookings/${held.body.id}/cancel`);
      return paid;
    });
    await until(() => sold >= 20);
    assert.equal((await cancel(sale)).status, 200);
    const { statuses } = await crowd;
    assert.ok(statuses[409]! > 0, JSON.stringify(statuses));
    const { bookings } = await completes(sale);
    assert.ok(bookings.refunded > 0, JSON.stringify(bookings));
    assert.deepEqual(await seatStates(sale), [{ state: 0, count: 400 }]);
    const { rows } = await app.db.query(
      `SELECT coalesce(sum(c.amount - c.refunded), 0)::int AS kept FROM payment p JOIN sandbox_charge c ON c.key = p.idempotency_key
       WHERE p.event_id = $1 AND c.state IN ('captured', 'authorized') AND c.behaviour <> 'no_capture'`,
      [sale.eventId],
    );
    assert.deepEqual(rows, [{ kept: 0 }]);
  });

  it('is finished by another replica when the first one stops', async () => {
    const idle = await startApp({ databaseUrl: app.config.databaseUrl!, sagaWorker: false });
    const sale = await openSale(app, plainHall(4, 20));
    for (let i = 0; i < 10; i++) await buy(sale, [i]);
    await idle.client(sale.organizer.token).post(`/events/${sale.eventId}/cancel`);
    await idle.close();
    const { bookings } = await completes(sale);
    assert.deepEqual(bookings, { total: 10, refunded: 10, pending: 0, refused: 0 });
  });

  it('completes by itself an hour after its end', async () => {
    const sale = await openSale(app, plainHall(1, 10));
    await app.db.query(
      `UPDATE event SET starts_at = now() - interval '3 hours', ends_at = now() - interval '61 minutes' WHERE id = $1`,
      [sale.eventId],
    );
    const { EventsJobs } = await import('../src/events/events.jobs.js');
    await app.nest.get(EventsJobs).complete();
    assert.equal((await app.client().get(`/events/${sale.eventId}`)).body.status, 'completed');
    assert.equal((await cancel(sale)).body.code, 'event_ended');
    const { rows } = await app.db.query(
      `SELECT count(*)::int FROM fact WHERE stream_id = $1 AND type = 'event.completed'`,
      [sale.eventId],
    );
    assert.deepEqual(rows, [{ count: 1 }]);
  });

  it('is its organizer’s and an administrator’s business, with good input', async () => {
    const sale = await openSale(app, plainHall(1, 10));
    const [other] = (await app.people(1, 'organizer')) as [Person];
    const path = `/events/${sale.eventId}`;
    for (const ask of [
      (client: Person['client']) => client.post(`${path}/cancel`, {}),
      (client: Person['client']) => client.get(`${path}/cancellation`),
    ]) {
      assert.equal((await ask(other.client)).status, 404);
      assert.equal((await ask(buyers[0]!.client)).status, 403);
      assert.equal((await ask(app.client())).status, 401);
    }
    assert.equal((await sale.organizer.client.get(`${path}/cancellation`)).body.code, 'event_not_cancelled');
    assert.equal((await sale.organizer.client.get(`/events/${newId()}/cancellation`)).status, 404);
    const cases: [object | string, number, string][] = [
      [{ reason: '' }, 422, 'validation_failed'],
      [{ reason: 'x'.repeat(501) }, 422, 'validation_failed'],
      [{ reason: 1 }, 400, 'wrong_type'],
      [{ why: 'x' }, 400, 'unknown_field'],
      ['{', 400, 'malformed_json'],
    ];
    for (const [body, status, code] of cases) {
      const answer = await cancel(sale, body as object);
      assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(body));
    }
    const draft = await sale.organizer.client.post('/events', {
      ...{
        venueId: sale.venueId,
        planId: sale.event.planId,
        title: 'Draft',
        category: 'sport',
        currency: 'EUR',
      },
      startsAt: sale.event.startsAt,
      endsAt: sale.event.endsAt,
    });
    const early = await sale.organizer.client.post(`/events/${draft.body.id}/cancel`);
    assert.deepEqual([early.status, early.body.code], [409, 'event_ended']);
    assert.equal((await admin.client.post(`${path}/cancel`)).body.status, 'cancelled');
  });
});
