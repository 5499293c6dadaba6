import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Client, Json } from '../../support/client.js';
import { openSale, plainHall, realHall } from '../../support/halls.js';
import { note } from '../../support/note.js';

describe('an organizer during the sale', () => {
  let app: TestApp;
  let buyer: Client;
  beforeAll(async () => {
    app = await startApp();
    buyer = (await app.people(1))[0].client;
  });
  afterAll(async () => {
    await assertAuditClean(app);
    await app.close();
  });

  const states = async (eventId: string): Promise<Json[]> => {
    const { rows } = await app.db.query(
      'SELECT state, count(*)::int FROM seat WHERE event_id = $1 GROUP BY 1 ORDER BY 1',
      [eventId],
    );
    return rows.map(({ state, count }) => [state, count]);
  };

  test('publishes a 50,000-seat hall in seconds', async () => {
    const began = performance.now();
    const { eventId } = await openSale(app, plainHall(500, 100));
    note(`plan imported and event published in ${Math.round(performance.now() - began)} ms`);
    assert.deepEqual(await states(eventId), [[SEAT.FREE, 50_000]]);
    assert.equal(
      (await buyer.post(`/events/${eventId}/holds`, { best: { quantity: 10, together: true } })).status,
      201,
    );
  });

  test('is warned of characters that tickets cannot show, and only of those', async () => {
    const hall = plainHall(1, 2, [{ name: '地下 ᠮ', capacity: 5 }]);
    hall.plan.zones[0]!.name = 'ᠪ 東';
    const { event } = await openSale(app, hall, { title: '東京公演 ᠮᠠᠮ 🎭 Łódź' });
    assert.equal(event.status, 'published');
    assert.deepEqual(
      event.warnings.map(({ where, characters }: Json) => [where, characters]),
      [
        ['title', ['ᠮ', 'ᠠ']],
        ['seats', ['ᠪ']],
        ['areas', ['ᠮ']],
      ],
    );
    assert.equal(event.warnings[0].detail, 'These characters cannot be printed on tickets: ᠮ ᠠ');
    const plain = await openSale(app, plainHall(1, 2), { title: '東京公演 हिन्दी ไทย' });
    assert.deepEqual(plain.event.warnings, []);
  });

  test('blocks free seats and brings them back; what is held stays', async () => {
    const { eventId, organizer } = await openSale(app, realHall());
    const block = (seats: number[], path = 'block') =>
      organizer.client.post(`/events/${eventId}/seats/${path}`, { seats });
    assert.deepEqual((await block([1, 2, 3])).body, { changed: 3 });
    assert.deepEqual((await block([3, 4])).body, { changed: 1 });
    assert.equal((await buyer.post(`/events/${eventId}/holds`, { seats: [4] })).body.code, 'seats_taken');
    assert.equal((await buyer.post(`/events/${eventId}/holds`, { seats: [5] })).status, 201);
    const refused = await block([5, 6]);
    assert.deepEqual(
      [refused.status, refused.body.code, refused.body.conflicts],
      [409, 'seats_not_blockable', [5]],
    );
    assert.equal((await block([5_000])).body.code, 'unknown_seats');
    assert.deepEqual(await states(eventId), [
      [0, 1_247],
      [1, 1],
      [3, 4],
    ]);
    assert.deepEqual((await block([1, 2, 3, 4], 'unblock')).body, { changed: 4 });
    assert.deepEqual(await states(eventId), [
      [0, 1_251],
      [1, 1],
    ]);
  });

  test('is refused what belongs to another, and a buyer what belongs to organizers', async () => {
    const { eventId } = await openSale(app, plainHall(1, 10));
    const [other] = await app.people(1, 'organizer');
    for (const path of ['publish', 'cancel', 'seats/block', 'seats/unblock']) {
      const body = path.startsWith('seats') ? { seats: [1] } : undefined;
      assert.equal((await other!.client.post(`/events/${eventId}/${path}`, body)).status, 404);
      assert.equal((await buyer.post(`/events/${eventId}/${path}`, body)).status, 403);
      assert.equal((await app.client().post(`/events/${eventId}/${path}`, body)).status, 401);
    }
    assert.deepEqual(await states(eventId), [[SEAT.FREE, 10]]);
  });

  test('changes prices: what is held keeps its price, the next hold has the new one', async () => {
    const { eventId, organizer } = await openSale(app, plainHall(1, 10));
    const before = await buyer.post(`/events/${eventId}/holds`, { seats: [0] });
    const { headers } = await organizer.client.get(`/events/${eventId}`);
    const tiers = { priceTiers: [{ name: 'C0', price: 3_500, category: 'C0' }] };
    const changed = await organizer.client.put(`/events/${eventId}/price-tiers`, tiers, {
      'if-match': headers.etag!,
    });
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    const next = await buyer.post(`/events/${eventId}/holds`, { seats: [1] });
    assert.deepEqual([before.body.total, next.body.total], [2_000, 3_500]);
    assert.equal((await buyer.get(`/bookings/${before.body.id}`)).body.total, 2_000);
    assert.equal(
      (await buyer.post(`/events/${eventId}/holds`, { best: { quantity: 1, maxPrice: 3_000 } })).body.code,
      'sold_out',
    );
  });

  test('cannot change the plan after publishing, nor sell after it was called off', async () => {
    const { eventId, organizer } = await openSale(app, plainHall(1, 10));
    const { headers, body } = await organizer.client.get(`/events/${eventId}`);
    const other = await openSale(app, plainHall(2, 10));
    const edit = await organizer.client.patch(
      `/events/${eventId}`,
      { planId: other.event.planId },
      { 'if-match': headers.etag! },
    );
    assert.deepEqual([edit.status, edit.body.code], [409, 'plan_locked']);
    assert.equal((await organizer.client.get(`/events/${eventId}`)).body.planId, body.planId);
    assert.equal((await organizer.client.post(`/events/${eventId}/cancel`)).body.status, 'cancelled');
    assert.equal((await buyer.post(`/events/${eventId}/holds`, { seats: [0] })).body.code, 'event_cancelled');
  });

  test('sees overdue holds end by themselves, in rows and in the public state', async () => {
    const { eventId } = await openSale(app, plainHall(1, 10, [{ name: 'Floor', capacity: 5 }]));
    await app.db.query('UPDATE inventory SET hold_seconds = 1 WHERE event_id = $1', [eventId]);
    const held = await buyer.post(`/events/${eventId}/holds`, {
      seats: [0, 1],
      areas: [{ area: 'Floor', quantity: 5 }],
    });
    assert.equal(held.status, 201);
    const deadline = Date.now() + 15_000;
    let sections: Json;
    do {
      await sleep(200);
      ({ sections } = (await app.client().get(`/events/${eventId}/seats`)).body);
    } while (sections[0].free < 10 && Date.now() < deadline);
    assert.equal(sections[0].free, 10);
    assert.equal((await buyer.get(`/bookings/${held.body.id}`)).body.status, 'expired');
    const { rows } = await app.db.query('SELECT held, booked FROM area WHERE event_id = $1', [eventId]);
    assert.deepEqual(rows, [{ held: 0, booked: 0 }]);
  });
});
