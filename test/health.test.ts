import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startApp, type TestApp } from './support/app.js';
import { rush } from './support/load.js';

let app: TestApp;
before(async () => {
  app = await startApp();
});
after(() => app.close());

test('the process says that it lives, also to a thousand at once', async () => {
  const { statuses, answers, ms } = await rush(1000, 1000, () => app.client().get('/health/live'));
  assert.deepEqual(statuses, { 200: 1000 });
  assert.equal(answers[0]?.body.status, 'ok');
  console.log('live', ms);
});

test('people of the tests are accounts with open sessions', async () => {
  const people = await app.people(1000, 'organizer');
  const { rows } = await app.db.query(
    `SELECT count(*)::int AS n FROM app_user u JOIN session s ON s.user_id = u.id WHERE role = 'organizer'`,
  );
  assert.equal(rows[0].n, people.length);
});
