import assert from 'node:assert/strict';
import { afterAll, beforeAll, test } from '@jest/globals';
import { DEMO_ACCOUNTS, demoPassword } from '../../../src/operations/demo/accounts.js';
import { loadDemo } from '../../../src/operations/demo/demo.js';
import { type EventReplay, ReplayService } from '../../../src/orders/history/replay.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import { card } from '../../support/money.js';
import { note } from '../../support/note.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const counts = async () => {
  const { rows } = await app.db.query(`SELECT
    (SELECT count(*)::int FROM app_user) AS accounts, (SELECT count(*)::int FROM venue) AS venues,
    (SELECT count(*)::int FROM seating_plan) AS plans, (SELECT count(*)::int FROM event) AS events`);
  return rows[0];
};

test('the demo opens both halls, and a second start changes nothing', async () => {
  const lines: string[] = [];
  const start = performance.now();
  await loadDemo(app.nest, (line) => lines.push(line));
  note(`loaded in ${Math.round(performance.now() - start)} ms`);
  assert.equal(lines.length, 2);
  assert.deepEqual(await counts(), { accounts: 3, venues: 2, plans: 2, events: 2 });
  const { body } = await app.client().get('/events?available=true');
  assert.deepEqual(body.data.map(({ venue }: { venue: { name: string } }) => venue.name).sort(), [
    'Evently Arena',
    'Riethsporthalle',
  ]);
  const { rows } = await app.db.query(
    'SELECT seat_count AS seats, place_count AS places FROM seating_plan ORDER BY 1',
  );
  assert.deepEqual(rows, [
    { seats: 1_252, places: 1_500 },
    { seats: 50_000, places: 50_000 },
  ]);
  await loadDemo(app.nest, (line) => lines.push(line));
  assert.equal(lines.length, 2);
  assert.deepEqual(await counts(), { accounts: 3, venues: 2, plans: 2, events: 2 });
});

test('what was interrupted is completed, what is over gets a successor', async () => {
  const hall = `(SELECT id FROM venue WHERE name = 'Riethsporthalle')`;
  await app.db.query(`UPDATE event SET status = 'completed', starts_at = starts_at - interval '1 year',
    ends_at = ends_at - interval '1 year' WHERE venue_id = ${hall}`);
  await loadDemo(app.nest, () => {});
  assert.deepEqual(await counts(), { accounts: 3, venues: 2, plans: 2, events: 3 });
});

test('people log in with the password of this installation, in the roles they are named for', async () => {
  const password = demoPassword(app.config.auth.jwtSecret);
  for (const { email, role } of DEMO_ACCOUNTS) {
    const { status, body } = await app.client().post('/auth/login', { email, password });
    assert.deepEqual([status, body.user?.role], [200, role]);
  }
  assert.notEqual(demoPassword('another secret'), password);
});

test('facts alone give every row of both halls, with what was sold in them', async () => {
  const [buyer] = await app.people(1);
  const { body } = await app.client().get('/events?available=true');
  for (const { id } of body.data) {
    const held = await buyer!.client.post(`/events/${id}/holds`, { seats: [0, 1] });
    assert.equal(held.status, 201);
    assert.equal((await buyer!.client.post(`/bookings/${held.body.id}/checkout`, card())).status, 200);
    assert.equal((await buyer!.client.post(`/events/${id}/holds`, { seats: [2] })).status, 201);
  }
  const found: EventReplay[] = [];
  await app.nest.get(ReplayService).run(null, (event) => found.push(event));
  assert.deepEqual(
    found
      .map(({ different, rows: { booking, booking_item, seat } }) => [different, booking, booking_item, seat])
      .sort(),
    [
      [0, 0, 0, 1_252],
      [0, 2, 3, 1_252],
      [0, 2, 3, 50_000],
    ],
  );
});

test('production refuses it', async () => {
  const production = { get: () => ({ ...app.config, env: 'production' }) };
  await assert.rejects(
    loadDemo(production as never, () => {}),
    /not for production/,
  );
});
