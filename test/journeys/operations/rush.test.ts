import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { RolesService } from '../../../src/auth/accounts/roles.service.js';
import { PreferencesService } from '../../../src/notifications/notifications/preferences.service.js';
import { DEMO_ACCOUNTS } from '../../../src/operations/demo/accounts.js';
import { GUESTS, makeGuests } from '../../../src/operations/demo/guests.js';
import { RushService } from '../../../src/operations/demo/rush.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Json } from '../../support/client.js';
import { assertExact } from '../../support/exact.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import type { Person } from '../../support/people.js';
import { SeatWatcher } from '../../support/seat-watcher.js';
import { until } from '../../support/until.js';

describe('a demo', () => {
  let app: TestApp;
  let sale: Sale;
  let admin: Person;
  beforeAll(async () => {
    app = await startApp({ demo: true });
    sale = await openSale(app, plainHall(15, 20, [{ name: 'Floor', capacity: 60 }]));
    [admin] = await app.people(1, 'admin');
    await makeGuests(app.nest.get(RolesService), app.nest.get(PreferencesService, { strict: false }));
  });
  afterAll(() => app.close());

  test('tells its logins to everybody, and they are right', async () => {
    const { status, body, headers } = await app.client().get('/demo/logins');
    assert.deepEqual([status, headers['cache-control']], [200, 'no-store']);
    assert.deepEqual(body.logins, DEMO_ACCOUNTS);
    assert.match(body.password, /^demo-/);
  });

  test('a rush fills a small hall, whoever watches sees every seat of it, and nothing is oversold', async () => {
    const { eventId } = sale;
    const watcher = await new SeatWatcher(app.url, eventId).ready();
    const rush = async (): Promise<Json> => (await admin.client.get('/admin/demo/rush')).body;
    assert.equal((await rush()).state, 'none');
    const started = await admin.client.post('/admin/demo/rush', { eventId });
    assert.deepEqual([started.status, started.body.state, started.body.robots], [202, 'running', GUESTS]);
    const again = await admin.client.post('/admin/demo/rush', { eventId });
    assert.deepEqual([again.status, again.body.code], [409, 'rush_under_way']);
    await until(async () => (await rush()).bought > 0);
    await until(async () => (await rush()).state === 'over', 60_000);
    const over = await rush();
    assert.equal(over.violations, 0);
    assert.ok(over.refused > 0 && over.givenBack > 0, JSON.stringify(over));
    const { rows } = await app.db.query(
      `SELECT count(*)::int AS sold FROM booking_item WHERE event_id = $1 AND status = 'confirmed'`,
      [eventId],
    );
    assert.equal(over.bought, rows[0].sold);
    assert.ok(over.bought > 200, `${over.bought} places`);
    await assertExact(app.db, watcher);
    watcher.close();
    await assertAuditClean(app);
  });

  test('without an event it takes one with places; a draft and an unknown event are refused', async () => {
    const draft = await app.db.query(`UPDATE event SET status = 'completed' RETURNING id`);
    const post = (body?: Json) => admin.client.post('/admin/demo/rush', body);
    for (const [body, status, code] of [
      [undefined, 409, 'event_not_on_sale'],
      [{ eventId: draft.rows[0].id }, 409, 'event_not_on_sale'],
      [{ eventId: crypto.randomUUID() }, 404, 'not_found'],
    ] as const) {
      const answer = await post(body);
      assert.deepEqual([answer.status, answer.body.code], [status, code]);
    }
    const next = await openSale(app, plainHall(5, 10));
    assert.deepEqual((await post()).body.eventId, next.eventId);
  });

  test('a rush ends with the application, and is not judged', async () => {
    const began = Date.now();
    await app.nest.get(RushService, { strict: false }).beforeApplicationShutdown();
    assert.ok(Date.now() - began < 5_000, `${Date.now() - began} ms`);
    const { body } = await admin.client.get('/admin/demo/rush');
    assert.deepEqual([body.state, body.violations], ['over', null]);
    await assertAuditClean(app);
  });
});

test('without the demo there are neither logins nor robots', async () => {
  const app = await startApp();
  try {
    const [admin] = await app.people(1, 'admin');
    for (const answer of [
      await app.client().get('/demo/logins'),
      await admin.client.get('/admin/demo/rush'),
      await admin.client.post('/admin/demo/rush'),
    ])
      assert.deepEqual([answer.status, answer.body.code], [404, 'route_not_found']);
  } finally {
    await app.close();
  }
});
