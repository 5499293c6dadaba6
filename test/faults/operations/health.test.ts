import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import pg from 'pg';
import { startApp, type TestApp } from '../../support/app.js';
import type { Json } from '../../support/client.js';
import { makeDataFolder } from '../../support/data-folder.js';
import { rush } from '../../support/load.js';
import { EventlyProcess, freePort } from '../../support/process.js';
import { until } from '../../support/until.js';

/** PostgreSQL's postmaster in a data folder, and its backends. */
function serverProcesses(dataDir: string): number[] {
  const postmaster = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(postmaster)], { encoding: 'utf8' });
  return [postmaster, ...stdout.trim().split(/\s+/).map(Number)];
}

describe('health', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

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
    assert.ok(!JSON.stringify(body).includes(new URL(app.config.database.url).password));
  });

  test('not ready while a migration of this release is missing', async () => {
    await app.db.query(`UPDATE migrations SET name = 'x' || name WHERE name LIKE 'Foundation%'`);
    await until(async () => (await app.client().get('/health/ready')).body.code === 'not_migrated');
    assert.equal((await app.client().get('/health/ready')).status, 503);
    assert.equal((await app.client().get('/health/status')).body.status, 'degraded');
    await app.db.query(`UPDATE migrations SET name = substr(name, 2) WHERE name LIKE 'xFoundation%'`);
    await until(async () => (await app.client().get('/health/ready')).status === 200);
  });

  test('not ready without the database, alive all the same, and ready again by itself', async () => {
    const url = new URL(app.config.database.url);
    const name = url.pathname.slice(1);
    url.pathname = '/postgres';
    const admin = new pg.Client({ connectionString: url.href });
    await admin.connect();
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    await until(async () => (await app.client().get('/health/ready')).status !== 200);
    const { status, body, headers } = await app.client().get('/health/ready');
    assert.deepEqual([status, body.code, headers['retry-after']], [503, 'database_unavailable', '2']);
    assert.equal((await app.client().get('/health/status')).body.database.reachable, false);
    assert.equal((await app.client().get('/health/live')).status, 200);
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await admin.end();
    await until(async () => (await app.client().get('/health/ready')).status === 200);
  });

  test('a frozen database: not ready, alive, and metrics without what the database knows', async () => {
    const dataDir = makeDataFolder('frozen');
    const port = await freePort();
    const evently = new EventlyProcess({ EVENTLY_DATA_DIR: dataDir, PORT: String(port) });
    try {
      await evently.ready();
      const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
      assert.match(await (await ask('/metrics')).text(), /^evently_mail_overdue_seconds \d/m);
      const frozen = serverProcesses(dataDir);
      assert.ok(frozen.length > 3);
      for (const pid of frozen) process.kill(pid, 'SIGSTOP');
      try {
        await until(async () => (await ask('/api/v1/health/ready')).status === 503);
        assert.equal((await ask('/api/v1/health/live')).status, 200);
        const status = (await (await ask('/api/v1/health/status')).json()) as Json;
        assert.deepEqual([status.status, status.database.reachable], ['degraded', false]);
        await until(
          async () => !/^evently_mail_overdue_seconds \d/m.test(await (await ask('/metrics')).text()),
        );
        assert.match(await (await ask('/metrics')).text(), /^evently_http_request_duration_seconds_count/m);
      } finally {
        for (const pid of frozen) process.kill(pid, 'SIGCONT');
      }
      await until(async () => (await ask('/api/v1/health/ready')).status === 200);
      assert.equal(await evently.end('SIGTERM'), 0, evently.output);
    } finally {
      await evently.end('SIGKILL');
      rmSync(dataDir, { recursive: true, force: true });
    }
  });
});
