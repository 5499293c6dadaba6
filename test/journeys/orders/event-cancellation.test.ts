import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { SandboxProviderService } from '../../../src/payments/providers/sandbox-provider.service.js';
import { newId } from '../../../src/platform/common/ids.js';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { rush } from '../../support/load.js';
import { assertMoneyBalances, assertMoneyTold, card, charges, GOOD } from '../../support/money.js';
import { note } from '../../support/note.js';
import type { Person } from '../../support/people.js';
import { until } from '../../support/until.js';

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

  beforeAll(async () => {
    app = await startApp({
      inventory: { sweeper: false },
      sagas: { leaseMs: 2_000 },
      payments: { timeoutMs: 1_000 },
    });
    buyers = await app.people(20);
    [admin] = await app.people(1, 'admin');
  });

  afterAll(async () => {
    await assertMoneyBalances(app);
    await assertMoneyTold(app);
    await assertAuditClean(app);
    await app.close();
  });

  test('ends the sale at once, and holds and payments after it', async () => {
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
    assert.deepEqual([late.status, late.body.code], [409, 'event_cancelled']);
    const done = await completes(sale);
    assert.deepEqual([done.holds, done.bookings.total, done.reason], [0, 0, 'The hall was flooded.']);
    const read = async (id: string) => (await buyers[0]!.client.get(`/bookings/${id}`)).body.status;
    assert.deepEqual([await read(held.id), await read(lapsed.id)], ['released', 'expired']);
    assert.ok(['released', 'expired'].includes(await read(waiting.id)));
    assert.deepEqual(await seatStates(sale), [{ state: SEAT.FREE, count: 20 }]);
    const again = await cancel(sale);
    assert.deepEqual([again.status, again.body.code], [409, 'event_ended']);
  });

  test('says so, with the reason, to whoever was about to buy, wherever they ask', async () => {
    const sale = await openSale(app, plainHall(1, 10));
    const full = await openSale(app, plainHall(1, 2));
    const [buyer, waiter] = [buyers[2]!, buyers[3]!];
    const held = await hold(sale, [0], buyer);
    const paying = await buy(sale, [1], SECOND_STEP, buyer);
    const [taken, last] = [await hold(full, [0], buyer), await hold(full, [1], buyer)];
    const entry = (await waiter.client.post(`/events/${full.eventId}/waitlist`, { quantity: 1 })).body;
    await buyer.client.delete(`/bookings/${taken.id}`);
    await until(async () => (await waiter.client.get(`/waitlist/${entry.id}`)).body.state === 'offered');
    const { bookingId: offer } = (await waiter.client.get(`/waitlist/${entry.id}`)).body.offer;
    const reason = 'The hall was flooded.';
    await Promise.all([cancel(sale, { reason }), cancel(full, { reason })]);
    await Promise.all([completes(sale), completes(full)]);
    const asks: [string, Person, string, object?][] = [
      ['pay a hold', buyer, `/bookings/${held.id}/checkout`, card()],
      ['more time', buyer, `/bookings/${held.id}/extend`],
      ['another card in the second step', buyer, `/bookings/${paying.id}/checkout`, card()],
      ['pay another hold', buyer, `/bookings/${last.id}/checkout`, card()],
      ['a new hold', buyer, `/events/${sale.eventId}/holds`, { seats: [5] }],
      ['the best places', buyer, `/events/${sale.eventId}/holds`, { best: { quantity: 1 } }],
      ['wait', buyer, `/events/${sale.eventId}/waitlist`, { quantity: 1 }],
      ['accept an offer', waiter, `/waitlist/${entry.id}/accept`],
      ['decline an offer', waiter, `/waitlist/${entry.id}/decline`],
      ['pay an offer', waiter, `/bookings/${offer}/checkout`, card()],
    ];
    for (const [what, by, path, body] of asks) {
      const answer = await by.client.post(path, body);
      assert.deepEqual(
        [answer.status, answer.body.code, answer.body.cancellationReason],
        [409, 'event_cancelled', reason],
        `${what}: ${JSON.stringify(answer.body)}`,
      );
    }
    const released = await buyer.client.delete(`/bookings/${held.id}`);
    assert.deepEqual([released.status, released.body.code], [409, 'event_cancelled']);
    const { url } = paying.nextAction;
    assert.equal((await app.client().post(new URL(url).pathname.slice('/api/v1'.length), {})).status, 404);
    assert.deepEqual(
      (await charges(app, paying.id)).map(({ state }) => state),
      ['voided'],
    );
  });

  test('says so to a payment that it overtakes at any step, and takes no money', async () => {
    const provider = app.nest.get(SandboxProviderService);
    for (const step of ['authorize', 'capture'] as const) {
      for (const after of [false, true]) {
        const sale = await openSale(app, plainHall(1, 10));
        const { id } = await hold(sale, [0, 1]);
        const original = provider[step].bind(provider) as (...args: unknown[]) => Promise<unknown>;
        const overtaken = async (...args: unknown[]) => {
          delete (provider as Partial<SandboxProviderService>)[step];
          const answer = after ? await original(...args) : undefined;
          assert.equal((await cancel(sale, { reason: 'Ice on the stage.' })).status, 200);
          return answer ?? original(...args);
        };
        Object.assign(provider, { [step]: overtaken });
        const { status, body } = await buyers[0]!.client.post(`/bookings/${id}/checkout`, card());
        assert.deepEqual(
          [status, body.code, body.cancellationReason],
          [409, 'event_cancelled', 'Ice on the stage.'],
          `${after ? 'after' : 'before'} ${step}: ${JSON.stringify(body)}`,
        );
        await completes(sale);
        const [charge, ...others] = await charges(app, id);
        assert.equal(others.length, 0);
        assert.equal(charge!.state === 'captured' ? charge!.amount - charge!.refunded : 0, 0);
      }
    }
  });

  test('pays 300 bookings of a hall of 5,000 seats back in full; refused ones are listed until they are settled', async () => {
    const never = { fullUntilHours: null, feePerTicket: 500, refundFees: false };
    const sale = await openSale(app, plainHall(100, 50), { refundPolicy: never });
    const bookings = await rush(300, 16, async (i) => {
      const buyer = buyers[i % buyers.length]!;
      const { id } = await hold(sale, [i * 3, i * 3 + 1, i * 3 + 2], buyer);
      return buyer.client.post(`/bookings/${id}/checkout`, card(i % 50 === 7 ? REFUSES_REFUNDS : GOOD));
    });
    const { 200: paid = 0, 202: slow = 0 } = bookings.statuses;
    assert.equal(paid + slow, 300, JSON.stringify(bookings.statuses));
    const open = `SELECT FROM payment WHERE event_id = $1 AND status <> 'captured'`;
    await until(async () => (await app.db.query(open, [sale.eventId])).rowCount === 0);
    const key = { 'idempotency-key': 'call-off' };
    const began = performance.now();
    const { body } = await cancel(sale, {}, key);
    assert.deepEqual((await cancel(sale, {}, key)).body, body);
    await until(async () => (await progress(sale)).bookings.pending === 0, 60_000);
    note(`300 bookings paid back in ${Math.round(performance.now() - began)} ms`);
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
    assert.deepEqual(await seatStates(sale), [{ state: SEAT.FREE, count: 5_000 }]);
    assert.equal((await charges(app, bookings.answers[0]!.body.id))[0]!.refunded, 6_000);
  });

  test('in a rush of holds, checkouts and cancellations: money or ticket, never both', async () => {
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
    assert.deepEqual(await seatStates(sale), [{ state: SEAT.FREE, count: 400 }]);
    const { rows } = await app.db.query(
      `SELECT coalesce(sum(c.amount - c.refunded), 0)::int AS kept FROM payment p JOIN sandbox_charge c ON c.key = p.idempotency_key
       WHERE p.event_id = $1 AND c.state IN ('captured', 'authorized') AND c.behaviour <> 'no_capture'`,
      [sale.eventId],
    );
    assert.deepEqual(rows, [{ kept: 0 }]);
  });

  test('is finished by another replica when the first one stops', async () => {
    const idle = await startApp({ database: app.config.database, sagas: { worker: false } });
    const sale = await openSale(app, plainHall(4, 20));
    for (let i = 0; i < 10; i++) await buy(sale, [i]);
    await idle.client(sale.organizer.token).post(`/events/${sale.eventId}/cancel`);
    await idle.close();
    const { bookings } = await completes(sale);
    assert.deepEqual(bookings, { total: 10, refunded: 10, pending: 0, refused: 0 });
  });

  test('completes by itself an hour after its end', async () => {
    const sale = await openSale(app, plainHall(1, 10));
    await app.db.query(
      `UPDATE event SET starts_at = now() - interval '3 hours', ends_at = now() - interval '61 minutes' WHERE id = $1`,
      [sale.eventId],
    );
    const { EventsJobs } = await import('../../../src/events/events.jobs.js');
    await app.nest.get(EventsJobs).complete();
    assert.equal((await app.client().get(`/events/${sale.eventId}`)).body.status, 'completed');
    assert.equal((await cancel(sale)).body.code, 'event_ended');
    const { rows } = await app.db.query(
      `SELECT count(*)::int FROM fact WHERE stream_id = $1 AND type = 'event.completed'`,
      [sale.eventId],
    );
    assert.deepEqual(rows, [{ count: 1 }]);
  });

  test('is its organizer’s and an administrator’s business, with good input', async () => {
    const sale = await openSale(app, plainHall(1, 10));
    const [other] = await app.people(1, 'organizer');
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
