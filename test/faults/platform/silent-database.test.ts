import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { isConnectionError } from '../../../src/platform/common/database-errors.js';
import { checkDatabase } from '../../../src/platform/database/check.js';
import { dataSourceOptions } from '../../../src/platform/database/data-source.js';
import { DatabaseService } from '../../../src/platform/database/database.service.js';
import { FactsRepository } from '../../../src/platform/facts/facts.repository.js';
import { startApp, type TestApp } from '../../support/app.js';
import { Moments, rudeServer } from '../../support/moments.js';
import { TcpProxy } from '../../support/tcp-proxy.js';

describe('a database host that says nothing more', () => {
  let app: TestApp;
  let network: TcpProxy;
  let source: DataSource;
  beforeAll(async () => {
    app = await startApp({ role: 'api' });
    network = await TcpProxy.before(app.config.database.url);
    const url = network.through(app.config.database.url);
    source = await new DataSource(dataSourceOptions(url, 1, 1)).initialize();
  });
  afterAll(async () => {
    network?.pass();
    await source?.destroy();
    await network?.close();
    await app?.close();
  });

  test('fails a transaction in its middle, and the pool has another connection when the host is back', async () => {
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
  }, 30_000);

  test('a statement may take all the time that PostgreSQL allows it, and no more', async () => {
    await source.query('SELECT pg_sleep(0.9)');
    await assert.rejects(source.query('SELECT pg_sleep(2)'), { code: '57014' });
  });

  test('a transaction that stood still for too long is a lost connection, whether it is heard before or after the next question', async () => {
    const database = app.nest.get(DatabaseService);
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

  test('what reads whole tables has a connection of its own and minutes', async () => {
    const settings = await app.nest.get(DatabaseService).longSnapshot(async (client) => {
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

  describe('ends no process', () => {
    const unheard: unknown[] = [];
    const hear = (error: unknown) => unheard.push(error);
    let moments: Moments;
    beforeAll(async () => {
      process.on('uncaughtExceptionMonitor', hear);
      moments = await Moments.prepare(
        network.through(app.config.database.url),
        app.nest.get(FactsRepository),
      );
    });
    afterAll(async () => {
      process.off('uncaughtExceptionMonitor', hear);
      network.pass();
      await moments?.close();
    });

    test('in the very moment in which a connection is lent out', async () => {
      await source.query('SELECT 1');
      const pool = (source.driver as PostgresDriver).master;
      const [{ client }] = pool._idle;
      const asked = source.query('SELECT 1');
      client.connection.stream.destroy(
        Object.assign(new Error('The database does not answer'), { code: 'ETIMEDOUT' }),
      );
      await asked.catch((error: unknown) => assert.ok(isConnectionError(error), String(error)));
      await source.query('SELECT 1');
      assert.deepEqual(unheard, []);
    });

    const faults: Record<string, () => Promise<void>> = {
      'reset in every moment of every kind of connection': async () => network.cut(),
      'silent, then reset': async () => {
        network.freeze();
        moments.knock();
        await sleep(300);
        network.cut();
      },
      'messages torn in half': async () => {
        network.half('down', 'cut', 100);
        moments.knock();
        await sleep(300);
        network.cut('accept');
      },
      'ended by the server': async () => {
        await app.db.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name NOT IN ('evently-test', 'evently-hot')`,
        );
      },
    };
    for (const [name, strike] of Object.entries(faults))
      test(name, async () => {
        try {
          await moments.enter();
          await strike();
        } finally {
          network.pass();
          assert.deepEqual(await moments.settled(20_000), []);
        }
        assert.deepEqual(await moments.dead(), []);
        assert.deepEqual(unheard, []);
      }, 60_000);

    test('in the middle of a TLS handshake, and with an answer that is none', async () => {
      for (const answer of ['S', 'N', 'E', 'S\x16\x03\x03\x00']) {
        const server = await rudeServer(Buffer.from(answer, 'latin1'));
        const url = `postgres://evently:x@127.0.0.1:${server.port}/evently?sslmode=no-verify`;
        await assert.rejects(checkDatabase(url), /cannot be reached/);
        server.close();
      }
      assert.deepEqual(unheard, []);
    });
  });
});
