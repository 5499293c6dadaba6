import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { startApp, type TestApp } from '../../support/app.js';
import type { Client } from '../../support/client.js';
import type { Person } from '../../support/people.js';
import { until } from '../../support/until.js';

const PASSWORD = 'correct horse battery';

describe('a locked account', () => {
  let app: TestApp;
  let other: TestApp;
  let admin: Person;
  let api: Client;
  beforeAll(async () => {
    app = await startApp({ limits: { on: false } });
    other = await startApp({ limits: { on: false }, database: app.config.database });
    [admin] = await app.people(1, 'admin');
    api = app.client();
  });
  afterAll(async () => {
    await other.close();
    await app.close();
  });

  const register = async () => {
    const email = `${crypto.randomUUID()}@example.org`;
    return (await api.post('/auth/register', { email, password: PASSWORD, name: 'Ada Byron' })).body;
  };
  const lock = (id: string, reason = 'Cards of others') =>
    admin.client.post(`/admin/users/${id}/lock`, { reason });
  const codeOf = ({ status, body }: { status: number; body: { code?: string } }) => [status, body?.code];

  test('refuses logins and refreshes, and its sessions are over at once on every replica', async () => {
    const { user, accessToken, refreshToken } = await register();
    assert.equal((await other.client(accessToken).get('/auth/me')).status, 200);
    assert.equal((await lock(user.id)).status, 204);
    assert.deepEqual(codeOf(await app.client(accessToken).get('/auth/me')), [401, 'token_revoked']);
    await until(async () => (await other.client(accessToken).get('/auth/me')).status === 401);
    for (const replica of [app, other]) {
      const anybody = replica.client();
      assert.deepEqual(codeOf(await anybody.post('/auth/refresh', { refreshToken })), [
        401,
        'account_locked',
      ]);
      const login = { email: user.email, password: PASSWORD };
      assert.deepEqual(codeOf(await anybody.post('/auth/login', login)), [401, 'account_locked']);
    }
    const wrong = { email: user.email, password: 'something else' };
    assert.deepEqual(codeOf(await api.post('/auth/login', wrong)), [401, 'invalid_credentials']);

    const { account, sessions } = (await admin.client.get(`/admin/users/${user.id}`)).body;
    assert.deepEqual([account.lockedReason, sessions], ['Cards of others', 0]);
    assert.ok(Date.parse(account.lockedAt) > Date.now() - 600_000);
    const listed = (await admin.client.get('/admin/users?locked=true')).body;
    assert.deepEqual([listed.total, listed.data[0].id], [1, user.id]);

    assert.equal((await admin.client.post(`/admin/users/${user.id}/unlock`)).status, 204);
    assert.deepEqual(codeOf(await api.post('/auth/refresh', { refreshToken })), [
      401,
      'refresh_token_invalid',
    ]);
    const again = await api.post('/auth/login', { email: user.email, password: PASSWORD });
    assert.equal(again.status, 200);
    assert.ok(!('lockedAt' in again.body.user), 'its person is told nothing');
    const acts = (await admin.client.get(`/admin/audit?target=${user.id}`)).body.data;
    assert.deepEqual(
      acts
        .filter(({ action }: { action: string }) => !action.startsWith('GET'))
        .map(({ action }: { action: string }) => action),
      ['POST /admin/users/{id}/unlock', 'POST /admin/users/{id}/lock'],
    );
    assert.ok(
      !JSON.stringify(acts).includes('Cards'),
      'the reason is not in the log, which nobody can erase',
    );
  });

  test('is not that of the last administrator, also when two lock each other', async () => {
    const [second] = await app.people(1, 'admin');
    const both = await Promise.all([
      lock(second.id),
      second.client.post(`/admin/users/${admin.id}/lock`, { reason: 'Mistake' }),
    ]);
    const answers = both.map(({ status }) => status).sort();
    assert.ok(['204,401', '204,409'].includes(answers.join()), answers.join());
    const open = await app.db.query(
      `SELECT id FROM app_user WHERE role = 'admin' AND locked_at IS NULL AND deleted_at IS NULL`,
    );
    assert.equal(open.rowCount, 1);
    await app.db.query('UPDATE app_user SET locked_at = NULL, locked_reason = NULL WHERE id = ANY ($1)', [
      [second.id, admin.id],
    ]);
  });

  test('needs a reason, and a person', async () => {
    const [keeper] = await app.people(1, 'admin');
    const { client } = keeper;
    const [person] = await app.people(1);
    assert.deepEqual(codeOf(await client.post(`/admin/users/${person.id}/lock`, {})), [400, 'missing_field']);
    assert.deepEqual(codeOf(await client.post(`/admin/users/${person.id}/lock`, { reason: ' ' })), [
      422,
      'validation_failed',
    ]);
    for (const action of ['lock', 'unlock'])
      assert.equal(
        (
          await client.post(
            `/admin/users/${crypto.randomUUID()}/${action}`,
            action === 'lock' ? { reason: 'x' } : undefined,
          )
        ).status,
        404,
      );
  });
});
