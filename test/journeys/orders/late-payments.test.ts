import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { InventoryService } from '../../../src/inventory/changes/inventory.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { lapse } from '../../support/lapse.js';
import { assertMoneyBalances, assertMoneyTold, card, charges, settleSagas } from '../../support/money.js';
import type { Person } from '../../support/people.js';
import { assertReplayed } from '../../support/replayed.js';
import { until } from '../../support/until.js';

const SECOND_STEP = card('4000002500003155');

/** A booking whose payment waits for the buyer's bank. */
interface Waiting {
  readonly id: string;
  readonly eventId: string;
  readonly body: Json;
  /** Where the bank says that the buyer has approved. */
  readonly path: string;
}

describe('a payment that comes after the hold was lost', () => {
  let app: TestApp;
  let buyer: Person;
  let stranger: Person;

  beforeAll(async () => {
    app = await startApp({ inventory: { sweeper: false } });
    [buyer, stranger] = await app.people(2);
  });

  afterAll(async () => {
    await settleSagas(app);
    await assertMoneyBalances(app);
    await assertMoneyTold(app);
    await assertAuditClean(app);
    const { rows } = await app.db.query('SELECT id FROM booking');
    for (const { id } of rows) await assertReplayed(app, id, false);
    await app.close();
  });

  const open = (event: Json = {}) => openSale(app, plainHall(2, 10, [{ name: 'Floor', capacity: 4 }]), event);
  const wish = (seats: number[], places = 0) => ({
    ...(seats.length > 0 && { seats }),
    ...(places > 0 && { areas: [{ area: 'Floor', quantity: places }] }),
  });
  const take = async (who: Person, { eventId }: Pick<Sale, 'eventId'>, seats: number[], places = 0) => {
    const { status, body } = await who.client.post(`/events/${eventId}/holds`, wish(seats, places));
    assert.equal(status, 201, JSON.stringify(body));
    return body;
  };
  const pay = async (sale: Sale, seats: number[], places = 0, substitutes = false): Promise<Waiting> => {
    const { id } = await take(buyer, sale, seats, places);
    const { status, body } = await buyer.client.post(`/bookings/${id}/checkout`, {
      ...SECOND_STEP,
      substitutes,
    });
    assert.equal(status, 202, JSON.stringify(body));
    const path = new URL(body.nextAction.url).pathname.replace('/api/v1', '');
    return { id, eventId: sale.eventId, body, path };
  };
  /** The time of the payment is over, and somebody has noticed. */
  const expire = async ({ id, eventId }: Waiting) => {
    await lapse(app.db, eventId, id);
    await app.nest.get(InventoryService).sweep(eventId, 100);
    assert.equal((await read(id)).status, 'expired');
  };
  const approve = async ({ path }: Waiting) =>
    assert.equal((await app.client().post(path, { approve: true })).status, 204);
  const read = async (id: string): Promise<Json> => (await buyer.client.get(`/bookings/${id}`)).body;
  const types = async (id: string): Promise<string[]> =>
    (await buyer.client.get(`/bookings/${id}/history`)).body.data
      .map((entry: Json) => entry.type)
      .filter((type: string) => type.startsWith('booking.'));
  const live = (booking: Json): number[] =>
    booking.items.flatMap((item: Json) => (item.status === 'confirmed' ? [item.seat?.n ?? -1] : []));
  const tickets = async (id: string): Promise<Json[]> =>
    (await buyer.client.get(`/bookings/${id}/tickets`)).body.data;
  const assertSold = async ({ id }: Waiting, seats: number[]) => {
    const booking = await read(id);
    assert.deepEqual([booking.status, live(booking)], ['confirmed', seats]);
    const [charge] = await charges(app, id);
    assert.deepEqual(charge, { state: 'captured', amount: booking.total, refunded: 0 });
    assert.deepEqual(
      (await tickets(id)).map((ticket) => ticket.seat?.n ?? -1).toSorted((a, b) => a - b),
      seats.toSorted((a, b) => a - b),
    );
  };
  const assertGivenBack = async ({ id }: Waiting, reason: string) => {
    assert.equal((await read(id)).status, 'expired');
    const payment = async () => (await buyer.client.get(`/payments?bookingId=${id}`)).body.data[0];
    // A worker may be at it when the news come; it looks again then.
    await until(async () => (await payment()).status === 'voided');
    assert.equal((await payment()).failure, reason);
    assert.equal((await charges(app, id))[0]!.state, 'voided');
    assert.deepEqual(await tickets(id), []);
  };

  test('finds its seats as long as nobody came for them', async () => {
    const late = await pay(await open(), [0, 1], 1);
    await lapse(app.db, late.eventId, late.id);
    await approve(late);
    await assertSold(late, [0, 1, -1]);
    assert.deepEqual((await types(late.id)).slice(-2), ['booking.paying', 'booking.confirmed']);
  });

  test('gets them back when they are free again, or only in a hold that has lapsed too', async () => {
    const sale = await open();
    const late = await pay(sale, [0, 1], 2);
    await expire(late);
    const other = await take(stranger, sale, [1, 2], 3);
    await lapse(app.db, sale.eventId, other.id);
    await approve(late);
    await assertSold(late, [0, 1, -1, -1]);
    assert.deepEqual((await types(late.id)).slice(-2), ['booking.expired', 'booking.restored']);
    assert.equal((await stranger.client.get(`/bookings/${other.id}`)).body.status, 'expired');
    await take(stranger, sale, [2]);
  });

  test('goes back when a seat is gone and the buyer wanted no other', async () => {
    const sale = await open();
    const late = await pay(sale, [0, 1]);
    await expire(late);
    await take(stranger, sale, [1]);
    await approve(late);
    await assertGivenBack(late, 'seats_lost');
    await take(stranger, sale, [0]);
  });

  test('gets neighbours for neighbours, of the same category, at the same price', async () => {
    const sale = await open();
    const late = await pay(sale, [0, 1, 2], 1, true);
    await expire(late);
    await take(stranger, sale, [1]);
    await approve(late);
    const booking = await read(late.id);
    const seats = live(booking).filter((n) => n >= 0);
    assert.deepEqual(seats, [seats[0], seats[0]! + 1, seats[0]! + 2]);
    assert.equal(Math.floor(seats[0]! / 10), Math.floor(seats[2]! / 10), 'one row');
    const sold = booking.items.filter((item: Json) => item.status === 'confirmed' && item.seat);
    assert.deepEqual(
      sold.map((item: Json) => item.price),
      [2000, 2000, 2000],
    );
    await assertSold(late, live(booking));
    assert.equal(booking.total, late.body.total);
    const { data } = (await buyer.client.get(`/bookings/${late.id}/history`)).body;
    const replaced = data.find((entry: Json) => entry.type === 'booking.replaced');
    assert.equal(replaced.items.length, seats.filter((n) => n > 2).length);
    const cancelled = await buyer.client.post(`/bookings/${late.id}/cancel`, {});
    assert.deepEqual([cancelled.status, cancelled.body.status], [200, 'cancelled']);
    assert.equal((await charges(app, late.id))[0]!.refunded, late.body.total);
  });

  test('keeps what is left of seats that stood apart, and replaces the others', async () => {
    const sale = await open();
    const late = await pay(sale, [0, 5], 0, true);
    await expire(late);
    await take(stranger, sale, [5]);
    await approve(late);
    const seats = live(await read(late.id));
    assert.ok(seats.includes(0) && !seats.includes(5), seats.join());
    await assertSold(late, seats);
  });

  test('goes back when nothing like the lost seats is left', async () => {
    const sale = await open();
    const late = await pay(sale, [0, 1], 0, true);
    await expire(late);
    // Every second seat: many are free, none has a free neighbour.
    await take(stranger, sale, [1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
    await approve(late);
    await assertGivenBack(late, 'seats_lost');
  });

  test('goes back when the places of its area are taken', async () => {
    const sale = await open();
    const late = await pay(sale, [], 2, true);
    await expire(late);
    await take(stranger, sale, [], 3);
    await approve(late);
    await assertGivenBack(late, 'seats_lost');
  });

  test('goes back when the event is cancelled meanwhile', async () => {
    const sale = await open();
    const [expired, waiting] = [await pay(sale, [0]), await pay(sale, [1])];
    await lapse(app.db, sale.eventId, expired.id);
    await app.nest.get(InventoryService).sweep(sale.eventId, 100);
    const cancelled = await sale.organizer.client.post(`/events/${sale.eventId}/cancel`, {});
    assert.ok(cancelled.status < 300, JSON.stringify(cancelled.body));
    await approve(expired);
    await assertGivenBack(expired, 'event_ended');
    // One that waits for the buyer ends with the event.
    const stopped = async () =>
      (await buyer.client.get(`/payments?bookingId=${waiting.id}`)).body.data[0].failure === 'event_ended';
    await until(stopped);
    assert.equal((await charges(app, waiting.id))[0]!.state, 'voided');
  });

  test('goes back when the buyer has bought as many seats meanwhile as one may have', async () => {
    const sale = await open({ maxSeatsPerBuyer: 2 });
    const late = await pay(sale, [0, 1]);
    await expire(late);
    await take(buyer, sale, [5]);
    await approve(late);
    await assertGivenBack(late, 'buyer_limit_reached');
  });

  test('does not come before those who wait', async () => {
    const sale = await open();
    const late = await pay(sale, [0]);
    const rest = Array.from({ length: 19 }, (_, n) => n + 1);
    for (const seats of [rest.slice(0, 10), rest.slice(10)]) await take(stranger, sale, seats);
    const joined = await stranger.client.post(`/events/${sale.eventId}/waitlist`, {
      quantity: 1,
      categories: ['C0'],
    });
    assert.equal(joined.status, 201, JSON.stringify(joined.body));
    await expire(late);
    await approve(late);
    await assertGivenBack(late, 'seats_lost');
  });

  test('is refunded when it was captured without us', async () => {
    const sale = await open();
    const late = await pay(sale, [0]);
    await expire(late);
    await take(stranger, sale, [0]);
    await app.db.query(`UPDATE sandbox_charge SET state = 'captured' WHERE ref = $1`, [
      late.path.split('/').at(-2),
    ]);
    await settleSagas(app);
    assert.deepEqual(await charges(app, late.id), [{ state: 'captured', amount: 2000, refunded: 2000 }]);
    assert.equal((await read(late.id)).status, 'expired');
  });

  test('and many others against strangers who want the same seats: each gets seats or money', async () => {
    const sale = await openSale(app, plainHall(20, 20));
    const late: Waiting[] = [];
    for (let k = 0; k < 100; k++) late.push(await pay(sale, [k * 4, k * 4 + 1], 0, k % 2 === 0));
    for (const { eventId, id } of late) await lapse(app.db, eventId, id);
    await app.nest.get(InventoryService).sweep(sale.eventId, 50);
    const wanted = late.map((_, k) => [k * 4 + 1, k * 4 + 2]);
    // Who wins the rest is a race, so a few are taken for certain before the money comes.
    for (const seats of wanted.slice(0, 10)) await take(stranger, sale, seats);
    await Promise.all([
      ...late.map(approve),
      ...wanted.slice(10).map((seats) => stranger.client.post(`/events/${sale.eventId}/holds`, { seats })),
    ]);
    await settleSagas(app);
    const ends: Record<string, number> = {};
    for (const { id } of late) {
      const { status } = await read(id);
      const [charge] = await charges(app, id);
      const end = `${status} ${charge!.state}`;
      ends[end] = (ends[end] ?? 0) + 1;
    }
    assert.deepEqual(Object.keys(ends).toSorted(), ['confirmed captured', 'expired voided']);
    assert.ok(ends['confirmed captured']! >= 50, 'those who take others all find some');
  });
});
