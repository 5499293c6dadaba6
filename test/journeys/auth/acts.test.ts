import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { startApp, type TestApp } from '../../support/app.js';
import type { Json } from '../../support/client.js';
import type { Person } from '../../support/people.js';
import { until } from '../../support/until.js';

describe('the audit of acts', () => {
  let app: TestApp;
  let admin: Person;
  let person: Person;
  beforeAll(async () => {
    app = await startApp();
    [admin] = await app.people(1, 'admin');
    [person] = await app.people(1);
  });
  afterAll(() => app.close());

  const list = async (query = ''): Promise<Json> => (await admin.client.get(`/admin/audit${query}`)).body;

  test('says who did what to whom, when, and how it ended', async () => {
    const done = await admin.client.patch(`/admin/users/${person.id}`, { role: 'organizer' });
    assert.equal(done.status, 200);
    const failed = await admin.client.patch(`/admin/users/${crypto.randomUUID()}`, { role: 'admin' });
    assert.equal(failed.status, 404);
    await until(async () => (await list()).data.every(({ status }: Json) => status !== null));
    const { data } = await list(`?target=${person.id}&actor=${admin.id}&action=PATCH%20/admin/users`);
    assert.equal(data.length, 1);
    const [{ id, at, ...act }] = data;
    assert.ok(id && Math.abs(Date.now() - Date.parse(at)) < 600_000);
    assert.deepEqual(act, {
      actor: admin.id,
      role: 'admin',
      action: 'PATCH /admin/users/{id}',
      target: person.id,
      said: { role: 'organizer' },
      correlationId: done.headers['x-correlation-id'],
      status: 200,
    });
    const page = await list('?limit=1');
    assert.equal(page.data[0].status, 404, 'what failed is there as well, newest first');
    assert.equal((await list(`?limit=1&cursor=${page.next}`)).data[0].id, id);
    assert.deepEqual((await list('?from=2100-01-01T00:00:00Z')).data, []);
    assert.equal((await admin.client.get('/admin/audit?cursor=x')).body.code, 'invalid_cursor');
  });

  test('cannot be changed, removed or hidden', async () => {
    for (const statement of [
      `UPDATE act SET actor = NULL`,
      `DELETE FROM act`,
      `TRUNCATE act CASCADE`,
      `UPDATE act_outcome SET status = 200`,
      `DELETE FROM act_outcome`,
    ])
      await assert.rejects(app.db.query(statement), { code: '23001' }, statement);
    // An act that cannot be recorded is not done.
    await app.db.query('ALTER TABLE act RENAME TO act_away');
    try {
      assert.ok((await admin.client.patch(`/admin/users/${person.id}`, { role: 'user' })).status >= 500);
    } finally {
      await app.db.query('ALTER TABLE act_away RENAME TO act');
    }
    const { rows } = await app.db.query('SELECT role FROM app_user WHERE id = $1', [person.id]);
    assert.equal(rows[0].role, 'organizer');
  });
});
