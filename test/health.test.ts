import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { startApp, type TestApp } from './support/app.js';
import { rush } from './support/load.js';

describe('health', () => {
  let app: TestApp;
  before(async () => {
    app = await startApp();
  });
  after(() => app.close());

  test('a thousand at once are told that the process lives', async () => {
    const { statuses, answers } = await rush(1000, 1000, () => app.client().get('/health/live'));
    assert.deepEqual(statuses, { 200: 1000 });
    assert.deepEqual(answers[0]?.body, { status: 'ok' });
    assert.equal(answers[0]?.headers['cache-control'], 'no-store');
  });

  test('status tells the truth about the database', async () => {
    const { rows } = await app.db.query('SELECT count(*)::int AS applied FROM migrations');
    const { body } = await app.client().get('/health/status');
    assert.equal(body.status, 'ok');
    assert.deepEqual(body.database.migrations, { applied: rows[0].applied, pending: [] });
    assert.equal(body.database.reachable, true);
    assert.ok(!JSON.stringify(body).includes(new URL(app.config.databaseUrl ?? '').password));
  });

  test('not ready while a migration of this release is missing', async () => {
    await app.db.query(`UPDATE migrations SET name = 'x' || name WHERE name LIKE 'Foundation%'`);
    const { status, body } = await app.client().get('/health/ready');
    assert.deepEqual([status, body.code], [503, 'not_migrated']);
    assert.equal((await app.client().get('/health/status')).body.status, 'degraded');
    await app.db.query(`UPDATE migrations SET name = substr(name, 2) WHERE name LIKE 'xFoundation%'`);
    assert.equal((await app.client().get('/health/ready')).status, 200);
  });

  test('not ready without the database, alive all the same, and ready again by itself', async () => {
    const url = new URL(app.config.databaseUrl ?? '');
    const name = url.pathname.slice(1);
    url.pathname = '/postgres';
    const admin = new pg.Client({ connectionString: url.href });
    await admin.connect();
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    const { status, body, headers } = await app.client().get('/health/ready');
    assert.deepEqual([status, body.code, headers['retry-after']], [503, 'database_unavailable', '2']);
    assert.equal((await app.client().get('/health/status')).body.database.reachable, false);
    assert.equal((await app.client().get('/health/live')).status, 200);
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await admin.end();
    assert.equal((await app.client().get('/health/ready')).status, 200);
  });
});
