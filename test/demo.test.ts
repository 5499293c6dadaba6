import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { DEMO_ACCOUNTS, demoPassword } from '../src/demo/accounts.js';
import { loadDemo } from '../src/demo/demo.js';
import { startApp, type TestApp } from './support/app.js';

let app: TestApp;
before(async () => {
  app = await startApp();
});
after(() => app.close());

const counts = async () => {
  const { rows } = await app.db.query(`SELECT
    (SELECT count(*)::int FROM app_user) AS accounts, (SELECT count(*)::int FROM venue) AS venues,
    (SELECT count(*)::int FROM seating_plan) AS plans, (SELECT count(*)::int FROM event) AS events`);
  return rows[0];
};

test('the demo opens both halls, and a second start changes nothing', async (t) => {
  const lines: string[] = [];
  const start = performance.now();
  await loadDemo(app.nest, (line) => lines.push(line));
  t.diagnostic(`loaded in ${Math.round(performance.now() - start)} ms`);
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
  const password = demoPassword(app.config.jwtSecret);
  for (const { email, role } of DEMO_ACCOUNTS) {
    const { status, body } = await app.client().post('/auth/login', { email, password });
    assert.deepEqual([status, body.user?.role], [200, role]);
  }
  assert.notEqual(demoPassword('another secret'), password);
});

test('production refuses it', async () => {
  const production = { get: () => ({ ...app.config, env: 'production' }) };
  await assert.rejects(
    loadDemo(production as never, () => {}),
    /not for production/,
  );
});
