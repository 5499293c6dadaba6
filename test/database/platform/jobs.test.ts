import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { type INestApplicationContext, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfigModule } from '../../../src/platform/config/config.module.js';
import { DatabaseModule } from '../../../src/platform/database/database.module.js';
import { dutiesOf } from '../../../src/platform/jobs/duties.rules.js';
import { Every } from '../../../src/platform/jobs/jobs.decorators.js';
import { JobsModule } from '../../../src/platform/jobs/jobs.module.js';
import { JobsRepository } from '../../../src/platform/jobs/jobs.repository.js';
import { ObservabilityModule } from '../../../src/platform/observability/observability.module.js';
import { configWith } from '../../support/config.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { until } from '../../support/until.js';

const runs = { shared: 0, everywhere: 0, slow: 0, failing: 0, orphan: 0 };
const ORPHANED_MS = 1_500;
let atOnce = 0;
let most = 0;
let orphanAt: number | undefined;

@Injectable()
class Work {
  @Every({ name: 'test.shared', seconds: 0.5 })
  async shared() {
    runs.shared++;
  }

  @Every({ name: 'test.everywhere', seconds: 0.5, everywhere: true })
  async everywhere() {
    runs.everywhere++;
  }

  @Every({ name: 'test.slow', seconds: 0.05 })
  async slow() {
    runs.slow++;
    most = Math.max(most, ++atOnce);
    await sleep(300);
    atOnce--;
  }

  @Every({ name: 'test.orphan', seconds: 0.1 })
  async orphan() {
    runs.orphan++;
    orphanAt ??= Date.now();
  }

  @Every({ name: 'test.failing', seconds: 0.2 })
  async failing() {
    runs.failing++;
    throw new Error('again');
  }
}

describe('jobs', () => {
  let database: TestDatabase;
  let orphaned: number;
  const replicas: INestApplicationContext[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    const config = configWith({ database: { url: database.url } });
    @Module({
      imports: [ConfigModule.with(config), DatabaseModule, ObservabilityModule, JobsModule],
      providers: [Work],
    })
    class Replica {}
    orphaned = Date.now();
    // As a replica leaves it that died in the middle of a run.
    await database.pool.query(
      `INSERT INTO job (name, due_at, leased_until) VALUES ('test.orphan', now(), clock_timestamp() + $1 * interval '1 ms')`,
      [ORPHANED_MS],
    );
    for (let count = 0; count < 3; count++)
      replicas.push(await NestFactory.createApplicationContext(Replica, { logger: false }));
  });
  afterAll(() => database.drop());

  test('run once in all, or everywhere; never twice at once; a failure does not end them; a stop waits', async () => {
    const enough = { shared: 3, everywhere: 9, slow: 3, failing: 3, orphan: 1 };
    await until(() =>
      Object.entries(enough).every(([name, times]) => runs[name as keyof typeof runs] >= times),
    );
    const jobs = replicas[0]!.get(JobsRepository, { strict: false });
    const paused = await jobs.take('test.paused', 0);
    await database.pool.query(`UPDATE job SET leased_until = now() WHERE name = 'test.paused'`);
    const taken = await jobs.take('test.paused', 60);
    await jobs.finish('test.paused', paused!);
    assert.ok(taken && taken !== paused);
    const { rows } = await database.pool.query(
      `SELECT leased_until > now() AS leased FROM job WHERE name = 'test.paused'`,
    );
    assert.deepEqual(
      rows,
      [{ leased: true }],
      'who was paused beyond its lease ends nothing of the next run',
    );
    await Promise.all(replicas.map((replica) => replica.close()));
    const halves = (Date.now() - orphaned) / 500 + 1;
    assert.ok(runs.shared <= halves, `shared ran ${runs.shared} times`);
    assert.ok(runs.everywhere <= 3 * halves, `everywhere ran ${runs.everywhere} times`);
    assert.ok(orphanAt! - orphaned >= ORPHANED_MS, 'a dead replica keeps a job for its lease');
    assert.equal(most, 1);
    assert.equal(atOnce, 0);
    const after = { ...runs };
    await sleep(700);
    assert.deepEqual(runs, after);
  });

  test('roles: an api replica has no duties, a worker has all, and single ones can be switched off', () => {
    const settings = { sagas: { worker: true }, waitlist: { worker: true }, inventory: { sweeper: true } };
    assert.equal(dutiesOf({ ...settings, role: 'api' }).size, 0);
    const all = ['jobs', 'facts', 'sagas', 'mail', 'webhooks', 'waitlist', 'sweeping'];
    for (const role of ['worker', 'all'] as const)
      assert.deepEqual([...dutiesOf({ ...settings, role })], all);
    const off = { worker: false };
    assert.deepEqual(
      [...dutiesOf({ role: 'all', sagas: off, waitlist: off, inventory: { sweeper: false } })],
      ['jobs', 'facts', 'mail', 'webhooks'],
    );
  });
});
