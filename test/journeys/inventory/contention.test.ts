import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { startApp, type TestApp } from '../../support/app.js';
import type { Client } from '../../support/client.js';
import { openSale, plainHall, realHall } from '../../support/halls.js';
import { rush } from '../../support/load.js';
import { note } from '../../support/note.js';
import type { Person } from '../../support/people.js';
import { hold, Scenarios, won } from '../../support/scenarios.js';

const BUYERS = 1_000;

describe('a thousand buyers at once', () => {
  let app: TestApp;
  let people: Person[];
  let buyers: Client[];
  let scenarios: Scenarios;
  beforeAll(async () => {
    app = await startApp({ inventory: { sweeper: false } });
    people = await app.people(BUYERS);
    buyers = people.map(({ client }) => client);
    scenarios = new Scenarios(app, buyers);
  });
  afterAll(async () => {
    await app.close();
  });

  test('for one seat: exactly one gets it, all others hear 409', async () => {
    note(JSON.stringify((await scenarios.oneSeat()).ms));
  });

  test('for one seat, each with an idempotency key: the same', async () => {
    const { eventId } = await openSale(app, realHall());
    const result = await scenarios.everyone((buyer, i) =>
      buyer.post(`/events/${eventId}/holds`, { seats: [600] }, { 'idempotency-key': `k${i}` }),
    );
    assert.deepEqual(result.statuses, { 201: 1, 409: BUYERS - 1 });
    await scenarios.auditAgainst(eventId, won(result));
  });

  test('for a thousand seats of the real hall: everyone gets theirs', async () => {
    const { eventId } = await openSale(app, realHall());
    const result = await scenarios.everyone((buyer, i) => hold(buyer, eventId, { seats: [i] }));
    note(JSON.stringify(result.ms));
    assert.deepEqual(result.statuses, { 201: BUYERS });
    await scenarios.auditAgainst(eventId, won(result));
  });

  test('for overlapping groups of 2 to 8 seats in random order: all or nothing, no seat twice', async () => {
    await scenarios.groups();
  });

  test('for 248 standing places in groups of 1 to 4: never above, and nobody is refused while their number fits', async () => {
    await scenarios.places();
  });

  test('for the best seats, 160 groups on 8,000 seats: none is refused while seats remain', async () => {
    const { eventId } = await openSale(app, plainHall(100, 80));
    const result = await rush(160, 160, (i) =>
      hold(buyers[i]!, eventId, { best: { quantity: 1 + (i % 8), together: true } }),
    );
    assert.deepEqual(result.statuses, { 201: 160 });
    await scenarios.auditAgainst(eventId, won(result));
  });

  test('for the best seats until nothing is left: exactly the hall is sold', async () => {
    await scenarios.lastSeats();
  });

  test('for expired holds with the sweeper stopped: whole bookings end and their seats go to the next', async () => {
    const { eventId } = await openSale(app, realHall());
    await app.db.query('UPDATE inventory SET hold_seconds = 1 WHERE event_id = $1', [eventId]);
    const first = await rush(100, 100, (i) =>
      hold(buyers[i]!, eventId, {
        seats: [i * 3, i * 3 + 1, i * 3 + 2],
        areas: [{ area: 'Stehplatz', quantity: 2 }],
      }),
    );
    assert.deepEqual(first.statuses, { 201: 100 });
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    await app.db.query('UPDATE inventory SET hold_seconds = 600 WHERE event_id = $1', [eventId]);
    const second = await scenarios.everyone((buyer, i) =>
      hold(buyer, eventId, { seats: [(i % 100) * 3 + 1] }),
    );
    assert.deepEqual(second.statuses, { 201: 100, 409: 900 });
    const standing = await hold(buyers[0]!, eventId, { areas: [{ area: 'Stehplatz', quantity: 10 }] });
    assert.equal(standing.status, 201);
    const { rows } = await app.db.query(
      'SELECT status, count(*)::int FROM booking WHERE event_id = $1 GROUP BY 1 ORDER BY 1',
      [eventId],
    );
    assert.deepEqual(rows, [
      { status: 'expired', count: 100 },
      { status: 'held', count: 101 },
    ]);
    await scenarios.auditAgainst(eventId, [...won(second), standing.body]);
  });

  test('beyond the queue of an event: the rest hears 503 with Retry-After, and what was acknowledged is there', async () => {
    const small = await startApp({ database: app.config.database, inventory: { laneQueue: 50 } });
    const blocker = await app.db.connect();
    try {
      const { eventId } = await openSale(app, realHall());
      const clients = people.map(({ token }) => small.client(token));
      const first = await clients[0]!.post(`/events/${eventId}/holds`, { seats: [1_200] });
      // As long as another transaction has the feed row, the first batch waits and the queue behind it fills.
      await blocker.query('BEGIN');
      await blocker.query('SELECT FROM inventory WHERE event_id = $1 FOR UPDATE', [eventId]);
      let refused = 0;
      const result = await rush(300, 300, async (i) => {
        const answer = await clients[i]!.post(`/events/${eventId}/holds`, { seats: [i] });
        if (answer.status === 503 && ++refused === 100) await blocker.query('COMMIT');
        return answer;
      });
      assert.ok(refused >= 100, JSON.stringify(result.statuses));
      assert.deepEqual(Object.keys(result.statuses), ['201', '503']);
      for (const { status, body, headers } of result.answers)
        if (status === 503) assert.deepEqual([body.code, headers['retry-after']], ['overloaded', '1']);
      await scenarios.auditAgainst(eventId, [first.body, ...won(result)]);
    } finally {
      blocker.release();
      await small.close();
    }
  });
});
