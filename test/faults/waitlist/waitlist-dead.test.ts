import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Json } from '../../support/client.js';
import { openSale, plainHall } from '../../support/halls.js';
import type { Person } from '../../support/people.js';

describe('the waitlist while every worker is dead', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ inventory: { sweeper: false }, waitlist: { worker: false } });
  });
  afterAll(async () => {
    await assertAuditClean(app);
    await app.close();
  });

  /** Ten seats and four places, all held one by one, and somebody who waits for what will never come together. */
  async function soldOut() {
    const sale = await openSale(app, plainHall(1, 10, [{ name: 'Floor', capacity: 4 }]));
    const [seller, waiter, stranger] = await app.people(3);
    const hold = async (who: Person, wish: Json) =>
      (await who.client.post(`/events/${sale.eventId}/holds`, wish)) as Json;
    const holds: Json[] = [];
    for (let n = 0; n < 10; n++) holds.push((await hold(seller, { seats: [n] })).body);
    for (let i = 0; i < 4; i++)
      holds.push((await hold(seller, { areas: [{ area: 'Floor', quantity: 1 }] })).body);
    const entry = (await waiter.client.post(`/events/${sale.eventId}/waitlist`, { quantity: 4 })).body;
    return { ...sale, holds, seller, waiter, entry, stranger: (wish: Json) => hold(stranger, wish) };
  }

  /** As if so many seconds had passed for what is held or kept, in the tables and in the feed. */
  const pass = async (eventId: string, seconds: number) => {
    const ago = `- make_interval(secs => ${seconds})`;
    await app.db.query(
      `WITH b AS (UPDATE booking SET expires_at = expires_at ${ago}, held_until = held_until ${ago} WHERE event_id = '${eventId}'),
         k AS (UPDATE area_kept SET until = until ${ago} WHERE event_id = '${eventId}'),
         s AS (UPDATE seat SET hold_until = hold_until ${ago} WHERE event_id = '${eventId}' AND state = ${SEAT.HELD} RETURNING n)
       SELECT feed_append_v1('${eventId}', (SELECT array_agg(n) FROM s), '{}', now()) FROM (SELECT count(*) FROM s) done`,
    );
  };
  const HOLD = 600;

  test('keeps a released seat for a minute, then anyone may have it', async () => {
    const { eventId, holds, seller, stranger } = await soldOut();
    await seller.client.delete(`/bookings/${holds[0].id}`);
    assert.equal((await stranger({ seats: [0] })).body.code, 'seats_taken');
    assert.equal((await stranger({ best: { quantity: 1 } })).body.code, 'sold_out');
    await pass(eventId, 59);
    assert.equal((await stranger({ seats: [0] })).body.code, 'seats_taken');
    await pass(eventId, 1);
    assert.equal((await stranger({ seats: [0] })).status, 201);
  });

  test('gives strangers an expired hold a minute late, whole, by number and by best', async () => {
    const { eventId, stranger } = await soldOut();
    await pass(eventId, HOLD + 59);
    assert.equal((await stranger({ seats: [4] })).body.code, 'seats_taken');
    assert.equal((await stranger({ best: { quantity: 2, together: true } })).body.code, 'sold_out');
    await pass(eventId, 1);
    assert.equal((await stranger({ seats: [4] })).status, 201);
    assert.equal((await stranger({ best: { quantity: 2, together: true } })).status, 201);
  });

  test('does the same for places of areas', async () => {
    const { eventId, holds, seller, stranger } = await soldOut();
    const floor = (quantity: number) => stranger({ areas: [{ area: 'Floor', quantity }] });
    for (const index of [10, 11]) await seller.client.delete(`/bookings/${holds[index].id}`);
    assert.equal((await floor(1)).body.code, 'area_full');
    await pass(eventId, 59);
    assert.equal((await floor(1)).body.code, 'area_full');
    await pass(eventId, 1);
    assert.equal((await floor(1)).status, 201);
    assert.equal((await floor(2)).body.code, 'area_full');
    await pass(eventId, HOLD);
    assert.equal((await floor(3)).status, 201, 'what is left of the kept places, and two expired holds');
  });

  test('blocks no kept seat before its time, keeps unblocked ones, and frees all when the last one leaves', async () => {
    const { eventId, holds, seller, waiter, entry, organizer, stranger } = await soldOut();
    const set = (what: string, n: number) =>
      organizer.client.post(`/events/${eventId}/seats/${what}`, { seats: [n] });
    for (const index of [0, 1, 12]) await seller.client.delete(`/bookings/${holds[index].id}`);
    assert.equal((await set('block', 0)).body.code, 'seats_not_blockable');
    await pass(eventId, 60);
    assert.equal((await set('block', 0)).status, 200);
    assert.equal((await set('unblock', 0)).status, 200);
    assert.equal((await stranger({ seats: [0] })).body.code, 'seats_taken');
    assert.equal((await waiter.client.delete(`/waitlist/${entry.id}`)).status, 204);
    const { body } = await waiter.client.get(`/events/${eventId}/seats`);
    assert.deepEqual([body.sections[0].free, body.areas[0].held], [2, 3]);
    assert.equal((await stranger({ seats: [0, 1], areas: [{ area: 'Floor', quantity: 1 }] })).status, 201);
  });
});
