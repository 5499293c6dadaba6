import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { DEMO_ACCOUNTS, demoPassword } from '../../../src/operations/demo/accounts.js';
import { loadDemo } from '../../../src/operations/demo/demo.js';
import { GUESTS } from '../../../src/operations/demo/guests.js';
import { sellAll, startSales } from '../../../src/operations/demo/sales.js';
import { type EventReplay, ReplayService } from '../../../src/orders/history/replay.service.js';
import { imagePath } from '../../../src/platform/common/image-address.js';
import { SealsService } from '../../../src/platform/facts/seals.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Client, Json } from '../../support/client.js';
import { card } from '../../support/money.js';
import { note } from '../../support/note.js';
import { until } from '../../support/until.js';

let app: TestApp;
const lines: string[] = [];
beforeAll(async () => {
  app = await startApp();
  const start = performance.now();
  const sales = await loadDemo(app.nest, (line) => lines.push(line));
  note(`opened in ${Math.round(performance.now() - start)} ms`);
  await sellAll(app.nest, sales, new AbortController().signal);
  note(`sold in ${Math.round(performance.now() - start)} ms`);
});
afterAll(() => app.close());

const counts = async () => {
  const { rows } = await app.db.query(`SELECT
    (SELECT count(*)::int FROM app_user) AS accounts, (SELECT count(*)::int FROM venue) AS venues,
    (SELECT count(*)::int FROM seating_plan) AS plans, (SELECT count(*)::int FROM event) AS events,
    (SELECT count(*)::int FROM booking) AS bookings`);
  return rows[0];
};

const loggedIn = async (email: string): Promise<Client> => {
  const password = demoPassword(app.config.auth.jwtSecret);
  const { status, body } = await app.client().post('/auth/login', { email, password });
  assert.equal(status, 200);
  return app.client(body.accessToken);
};
/** Events of an organizer by the first word of their titles. */
const eventsOf = async (email: string): Promise<Map<string, Json>> => {
  const { body } = await (await loggedIn(email)).get('/events?mine=true&limit=100');
  return new Map(body.data.map((event: Json) => [event.title.split(' ').slice(0, 2).join(' '), event]));
};

test('the demo opens four halls with eight events of two organizers, and a second start changes nothing', async () => {
  assert.equal(lines.length, 8);
  const { bookings, ...rest } = await counts();
  assert.deepEqual(rest, { accounts: DEMO_ACCOUNTS.length + GUESTS, venues: 4, plans: 4, events: 8 });
  const { rows } = await app.db.query(
    'SELECT seat_count AS seats, place_count AS places FROM seating_plan ORDER BY 1',
  );
  assert.deepEqual(rows, [
    { seats: 40, places: 150 },
    { seats: 165, places: 165 },
    { seats: 1_252, places: 1_500 },
    { seats: 50_000, places: 50_000 },
  ]);
  assert.equal((await eventsOf('organizer@evently.test')).size, 2);
  assert.equal((await eventsOf('organizer2@evently.test')).size, 6);
  await loadDemo(app.nest, (line) => lines.push(line));
  assert.equal(lines.length, 8);
  assert.deepEqual(await counts(), { ...rest, bookings });
});

test('every event has a picture of its own, which this server has at any address', async () => {
  const events = [
    ...(await eventsOf('organizer@evently.test')).values(),
    ...(await eventsOf('organizer2@evently.test')).values(),
  ];
  assert.equal(new Set(events.map(({ image }) => image.hash)).size, 8);
  for (const { image, imageUrl } of events) {
    assert.equal(imageUrl, null);
    const answer = await fetch(app.url + imagePath(image, 640));
    assert.deepEqual([answer.status, answer.headers.get('content-type')], [200, 'image/webp']);
  }
});

describe('the house lives', () => {
  test('two events are nearly sold out, one is, with people in its line, one is over and one called off', async () => {
    const shows = await eventsOf('organizer2@evently.test');
    const free = (name: string) => shows.get(name)!.freePlaces;
    assert.equal(free('Der zerbrochne'), 0);
    assert.ok(free('Ein Sommernachtstraum') > 0 && free('Ein Sommernachtstraum') < 10);
    assert.ok(free('Late Train:') > 0 && free('Late Train:') < 10);
    const organizer = await loggedIn('organizer2@evently.test');
    const { body: demand } = await organizer.get(`/events/${shows.get('Der zerbrochne')!.id}/waitlist`);
    assert.equal(demand.states.waiting, 4);
    const over = shows.get('Die Zauberflöte')!;
    assert.ok(Date.parse(over.endsAt) < Date.now());
    const { body: attendance } = await organizer.get(`/events/${over.id}/check-in`);
    assert.ok(attendance.checkedIn > 0.7 * attendance.expected, JSON.stringify(attendance));
    const calledOff = shows.get('Low Tide')!;
    assert.equal(calledOff.status, 'cancelled');
    const { body: progress } = await organizer.get(`/events/${calledOff.id}/cancellation`);
    assert.equal(progress.state, 'completed');
    assert.equal(progress.bookings.total, progress.bookings.refunded);
    assert.ok(progress.bookings.total > 5);
  });

  test('the demo buyer has tickets, and waits for others', async () => {
    const buyer = await loggedIn('buyer@evently.test');
    assert.ok((await buyer.get('/tickets')).body.data.length > 8);
    assert.equal((await buyer.get('/waitlist')).body.data.length, 1);
  });

  test('sales are spread over two months, for the figures as well', async () => {
    const { rows } = await app.db.query(`SELECT count(DISTINCT created_at::date)::int AS days,
      max(created_at) < now() AS past, min(created_at) < now() - interval '40 days' AS begun FROM booking`);
    assert.ok(rows[0].days > 40, `${rows[0].days} days`);
    assert.deepEqual([rows[0].past, rows[0].begun], [true, true]);
    const admin = await loggedIn('admin@evently.test');
    const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
    const { body } = await admin.get(`/analytics/timeseries?from=${day(70)}&to=${day(0)}`);
    const days = body.data.filter(({ tickets }: Json) => tickets > 0);
    assert.ok(days.length > 40, `${days.length} days`);
  });

  test('and all of it is true: audit, facts and money', async () => {
    await assertAuditClean(app);
    await app.nest.get(SealsService).seal();
    assert.deepEqual((await app.nest.get(SealsService).verify()).problems, []);
    await assert.rejects(app.db.query('UPDATE fact SET occurred_at = now()'), /append-only/);
  });
});

test('what was interrupted is completed, what is over gets a successor', async () => {
  const before = await counts();
  const hall = `(SELECT id FROM venue WHERE name = 'Riethsporthalle')`;
  await app.db.query(`UPDATE event SET status = 'completed', starts_at = starts_at - interval '1 year',
    ends_at = ends_at - interval '1 year' WHERE venue_id = ${hall}`);
  const sales = await loadDemo(app.nest, () => {});
  assert.equal(sales.length, 1);
  assert.deepEqual(await counts(), { ...before, events: 9 });
});

test('sales that are stopped end at once, and what they have made is whole', async () => {
  const before = await counts();
  await app.db.query(`UPDATE event SET status = 'completed', starts_at = starts_at - interval '1 year',
    ends_at = ends_at - interval '1 year' WHERE title LIKE 'Poetry Slam%'`);
  const lines: string[] = [];
  const stop = startSales(app.nest, await loadDemo(app.nest, () => {}), (line) => lines.push(line));
  await until(async () => (await counts()).bookings > before.bookings);
  await stop();
  const { bookings } = await counts();
  await sleep(100);
  assert.equal((await counts()).bookings, bookings);
  assert.deepEqual(lines, []);
  await assertAuditClean(app);
});

test('people log in with the password of this installation, in the roles they are named for', async () => {
  const password = demoPassword(app.config.auth.jwtSecret);
  for (const { email, role } of DEMO_ACCOUNTS) {
    const { status, body } = await app.client().post('/auth/login', { email, password });
    assert.deepEqual([status, body.user?.role], [200, role]);
  }
  assert.notEqual(demoPassword('another secret'), password);
  const { status } = await app
    .client()
    .post('/auth/login', { email: 'guest-1@guests.evently.test', password });
  assert.equal(status, 401);
});

test('guests get no mails', async () => {
  const { rows } = await app.db.query(`SELECT count(*)::int AS mails FROM dev_mail
    WHERE recipient LIKE '%@guests.evently.test'`);
  assert.equal(rows[0].mails, 0);
});

test('facts alone give every row of all halls, with what is sold in them afterwards', async () => {
  const [buyer] = await app.people(1);
  const { body } = await app.client().get('/events?available=true');
  for (const { id } of body.data) {
    const held = await buyer!.client.post(`/events/${id}/holds`, { best: { quantity: 1 } });
    // The last places of the club are to stand.
    if (held.body.code === 'sold_out') continue;
    assert.equal(held.status, 201);
    assert.equal((await buyer!.client.post(`/bookings/${held.body.id}/checkout`, card())).status, 200);
  }
  const found: EventReplay[] = [];
  await app.nest.get(ReplayService).run(null, (event) => found.push(event));
  assert.equal(found.length, 10);
  assert.deepEqual(
    found.filter(({ different }) => different !== 0),
    [],
  );
});

test('production refuses it', async () => {
  const production = { get: () => ({ ...app.config, env: 'production' }) };
  await assert.rejects(
    loadDemo(production as never, () => {}),
    /not for production/,
  );
});
