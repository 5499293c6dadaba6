import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { isConnectionError } from '../src/common/database-errors.js';
import { dataSourceOptions } from '../src/database/data-source.js';
import { Database } from '../src/database/database.service.js';
import { startApp, type TestApp } from './support/app.js';
import { TcpProxy } from './support/tcp-proxy.js';

describe('a database host that says nothing more', () => {
  let app: TestApp;
  let network: TcpProxy;
  let source: DataSource;
  before(async () => {
    app = await startApp({ role: 'api' });
    network = await TcpProxy.before(app.config.databaseUrl!);
    const url = network.through(app.config.databaseUrl!);
    source = await new DataSource(dataSourceOptions(url, 1, 1)).initialize();
  });
  after(async () => {
    network?.pass();
    await source?.destroy();
    await network?.close();
    await app?.close();
  });

  it('fails a transaction in its middle, and the pool has another connection when the host is back', {
    timeout: 30_000,
  }, async () => {
    const backend = async () => (await source.query('SELECT pg_backend_pid() AS pid'))[0].pid as number;
    const before = await backend();
    const lost = source.transaction(async (tx) => {
      await tx.query('SELECT 1');
      network.freeze();
      await tx.query('SELECT 2');
    });
    await assert.rejects(lost, (error) => isConnectionError(error));
    network.pass();
    assert.notEqual(await backend(), before);
  });

  it('a statement may take all the time that PostgreSQL allows it, and no more', async () => {
    await source.query('SELECT pg_sleep(0.9)');
    await assert.rejects(source.query('SELECT pg_sleep(2)'), { code: '57014' });
  });

  it('a transaction that stood still for too long is a lost connection, whether it is heard before or after the next question', async () => {
    const database = app.nest.get(Database);
    const blocked = async () => {
      for (const end = Date.now() + 300; Date.now() < end; );
    };
    for (const wait of [() => sleep(300), blocked]) {
      const lost = database.snapshot(async (client) => {
        await client.query(`SET idle_in_transaction_session_timeout = '50ms'`);
        await wait();
        await client.query('SELECT 1');
      });
      await assert.rejects(lost, (error) => isConnectionError(error));
    }
    assert.deepEqual(await database.snapshot(async (client) => (await client.query('SELECT 1 AS n')).rows), [
      { n: 1 },
    ]);
  });

  it('what reads whole tables has a connection of its own and minutes', async () => {
    const settings = await app.nest.get(Database).longSnapshot(async (client) => {
      const { rows } = await client.query(
        `SELECT current_setting('statement_timeout') AS time, current_setting('transaction_read_only') AS readonly,
                current_setting('transaction_isolation') AS isolation, current_setting('application_name') AS name`,
      );
      return rows[0];
    });
    assert.deepEqual(settings, {
      time: '10min',
      readonly: 'on',
      isolation: 'repeatable read',
      name: 'evently-long',
    });
  });
});
