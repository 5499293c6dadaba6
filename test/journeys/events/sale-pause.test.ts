import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Client, Json } from '../../support/client.js';
import { Crowd } from '../../support/crowd.js';
import { openSale, plainHall } from '../../support/halls.js';
import { card } from '../../support/money.js';
import type { Person } from '../../support/people.js';
import { until } from '../../support/until.js';

describe('a sale that is paused', () => {
  let app: TestApp;
  let other: TestApp;
  beforeAll(async () => {
    app = await startApp();
    other = await startApp({ database: app.config.database });
  });
  afterAll(async () => {
    await assertAuditClean(app);
    await other.close();
    await app.close();
  });

  const hold = (client: Client, eventId: string, n: number) =>
    client.post(`/events/${eventId}/holds`, { seats: [n] });
  const pause = (client: Client, eventId: string, body: Json = {}) =>
    client.post(`/events/${eventId}/pause`, body);
  const resume = (client: Client, eventId: string) => client.post(`/events/${eventId}/resume`);

  test('takes no more holds and says why; what is held can be extended, paid and released', async () => {
    const { eventId, organizer } = await openSale(app, plainHall(2, 10));
    const [ada] = await app.people(1);
    const held = [];
    for (const n of [0, 1, 2]) held.push((await hold(ada.client, eventId, n)).body);
    const reason = 'We check the plan.';
    const paused = await pause(organizer.client, eventId, { reason });
    assert.equal(paused.status, 200, JSON.stringify(paused.body));
    assert.ok(paused.body.salePausedAt);
    assert.equal(paused.body.salePauseReason, reason);
    const refused = await hold(ada.client, eventId, 5);
    assert.deepEqual(
      [refused.status, refused.body.code, refused.body.detail, refused.body.salePauseReason],
      [409, 'sale_paused', reason, reason],
    );
    const areas = await ada.client.post(`/events/${eventId}/holds`, { best: { quantity: 2 } });
    assert.equal(areas.body.code, 'sale_paused');
    const line = await ada.client.post(`/events/${eventId}/waitlist`, { quantity: 1 });
    assert.equal(line.body.code, 'sale_paused');

    assert.equal((await ada.client.post(`/bookings/${held[0].id}/extend`)).status, 200);
    assert.equal(
      (await ada.client.post(`/bookings/${held[0].id}/checkout`, card())).body.status,
      'confirmed',
    );
    assert.equal(
      (await ada.client.post(`/bookings/${held[1].id}/checkout`, card())).body.status,
      'confirmed',
    );
    assert.equal((await ada.client.delete(`/bookings/${held[2].id}`)).status, 204);
    assert.equal((await hold(ada.client, eventId, 2)).body.code, 'sale_paused');
    const shown = (await ada.client.get(`/events?available=true&organizer=${organizer.id}`)).body;
    assert.equal(shown.total, 0, 'not among the events that can be bought');

    const resumed = await resume(organizer.client, eventId);
    assert.deepEqual([resumed.body.salePausedAt, resumed.body.salePauseReason], [null, null]);
    assert.equal((await hold(ada.client, eventId, 2)).status, 201);
    const { rows } = await app.db.query(
      `SELECT type, data FROM fact WHERE stream_id = $1 AND type LIKE 'event.sale%' ORDER BY version`,
      [eventId],
    );
    assert.deepEqual(rows, [
      { type: 'event.sale_paused', data: { reason } },
      { type: 'event.sale_resumed', data: {} },
    ]);
  });

  test('said again changes nothing but the reason; what cannot be paused says so', async () => {
    const { eventId, organizer, event } = await openSale(app, plainHall(1, 2));
    const { client } = organizer;
    const [stranger] = await app.people(1, 'organizer');
    assert.equal((await resume(client, eventId)).body.version, event.version, 'nothing to resume');
    const first = (await pause(client, eventId)).body;
    assert.equal(first.version, event.version + 1);
    assert.deepEqual((await pause(client, eventId)).body, first);
    const second = (await pause(client, eventId, { reason: 'Fire drill' })).body;
    assert.deepEqual(
      [second.version, second.salePausedAt, second.salePauseReason],
      [first.version + 1, first.salePausedAt, 'Fire drill'],
    );
    const refusals = [
      [422, { reason: '' }],
      [422, { reason: 'x'.repeat(301) }],
      [400, { reason: 7 }],
      [400, { until: 'noon' }],
    ] as const;
    for (const [status, body] of refusals)
      assert.equal((await pause(client, eventId, body)).status, status, JSON.stringify(body));
    assert.equal((await pause(stranger.client, eventId)).status, 404);
    assert.equal((await resume(stranger.client, eventId)).status, 404);

    const { id, status, version, createdAt, updatedAt, organizerId, priceTiers, ...rest } = event;
    const copy = Object.fromEntries(
      ['venueId', 'planId', 'title', 'category', 'startsAt', 'endsAt', 'currency'].map((k) => [k, rest[k]]),
    );
    const draft = (await client.post('/events', copy)).body;
    assert.equal((await pause(client, draft.id)).body.code, 'event_not_on_sale');
    assert.equal((await client.post(`/events/${eventId}/cancel`, {})).status, 200);
    assert.equal((await pause(client, eventId)).body.code, 'event_ended');
    assert.equal((await resume(client, eventId)).body.code, 'event_ended');
  });

  test('while crowds buy on two replicas: between pause and resume nobody gets a place, before and after they do', async () => {
    const { eventId, organizer } = await openSale(app, plainHall(40, 50));
    const people = await app.people(24);
    let n = 0;
    const crowds = [app, other].map(
      (replica, i) =>
        new Crowd({
          eventId,
          clients: people.slice(i * 12, i * 12 + 12).map(({ token }) => replica.client(token)),
          width: 8,
          wish: () => ({ seats: [n++ % 2_000] }),
          releases: 1,
        }),
    );
    try {
      for (let round = 0; round < 5; round++) {
        await Promise.all(crowds.map((crowd) => crowd.gets(20)));
        assert.equal((await pause(organizer.client, eventId)).status, 200);
        const refusals = () => crowds.reduce((sum, { heard }) => sum + (heard[409] ?? 0), 0);
        const heard = refusals();
        await until(async () => refusals() > heard + 20);
        assert.equal((await resume(organizer.client, eventId)).status, 200);
      }
      await Promise.all(crowds.map((crowd) => crowd.gets(20)));
    } finally {
      await Promise.all(crowds.map((crowd) => crowd.stop()));
    }
    const { rows } = await app.db.query(
      `SELECT type FROM fact WHERE event_id = $1 AND type IN ('booking.held', 'event.sale_paused', 'event.sale_resumed')
       ORDER BY pos`,
      [eventId],
    );
    let paused = false;
    const counts = { pauses: 0, held: 0, heldWhilePaused: 0 };
    for (const { type } of rows) {
      if (type === 'event.sale_paused') counts.pauses++;
      if (type === 'booking.held') counts[paused ? 'heldWhilePaused' : 'held']++;
      else paused = type === 'event.sale_paused';
    }
    assert.deepEqual([counts.pauses, counts.heldWhilePaused], [5, 0]);
    assert.equal(
      counts.held,
      crowds.reduce((sum, { held }) => sum + held.length, 0),
    );
  });

  test('keeps what comes back for those who wait, also when the pause is longer than it is kept', async () => {
    const floor = [{ name: 'Floor', capacity: 2 }];
    const { eventId, organizer } = await openSale(app, plainHall(1, 2, floor));
    const [seller, first, second, stranger] = (await app.people(4)) as [Person, Person, Person, Person];
    const holds: Json[] = [];
    for (const n of [0, 1]) holds.push((await hold(seller.client, eventId, n)).body);
    const place = { areas: [{ area: 'Floor', quantity: 1 }] };
    for (const _ of [0, 1]) holds.push((await seller.client.post(`/events/${eventId}/holds`, place)).body);
    const wait = async ({ client }: Person, wish: Json) =>
      (await client.post(`/events/${eventId}/waitlist`, wish)).body.id as string;
    const seat = await wait(first, { quantity: 1, categories: ['C0'] });
    const standing = await wait(second, { quantity: 1, areas: ['Floor'] });
    await pause(organizer.client, eventId);
    for (const { id } of [holds[0]!, holds[2]!])
      assert.equal((await seller.client.delete(`/bookings/${id}`)).status, 204);
    // The minute for which they are kept is over.
    await app.db.query(
      `UPDATE seat SET hold_until = hold_until - interval '2 minutes'
       WHERE event_id = $1 AND booking_id IS NULL AND hold_until IS NOT NULL`,
      [eventId],
    );
    await app.db.query(`UPDATE area_kept SET until = until - interval '2 minutes' WHERE event_id = $1`, [
      eventId,
    ]);
    const states = async () =>
      Promise.all(
        [first.client.get(`/waitlist/${seat}`), second.client.get(`/waitlist/${standing}`)].map(
          async (answer) => (await answer).body.state,
        ),
      );
    assert.deepEqual(await states(), ['waiting', 'waiting'], 'no offers during the pause');
    // Strangers ask all the time, so that one of them is the first after the pause.
    let asking = true;
    const heard: Json[] = [];
    const strangers = [{ seats: [0] }, place].map(async (wish) => {
      while (asking) heard.push(await stranger.client.post(`/events/${eventId}/holds`, wish));
    });
    try {
      await until(async () => heard.length > 10);
      await resume(organizer.client, eventId);
      await until(async () => (await states()).every((state) => state === 'offered'));
    } finally {
      asking = false;
      await Promise.all(strangers);
    }
    assert.equal(heard.filter(({ status }) => status === 201).length, 0);
  });
});
