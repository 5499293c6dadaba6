import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type INestApplicationContext, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadConfig } from '../src/config/config.js';
import { ConfigModule } from '../src/config/config.module.js';
import { DatabaseModule } from '../src/database/database.module.js';
import { Every } from '../src/jobs/jobs.decorators.js';
import { JobsModule } from '../src/jobs/jobs.module.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';

const runs = { shared: 0, everywhere: 0, slow: 0, failing: 0 };
let atOnce = 0;
let most = 0;

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

  @Every({ name: 'test.failing', seconds: 0.2 })
  async failing() {
    runs.failing++;
    throw new Error('again');
  }
}

describe('jobs', () => {
  let database: TestDatabase;
  const replicas: INestApplicationContext[] = [];

  before(async () => {
    database = await createTestDatabase();
    const config = loadConfig({ ...process.env, DATABASE_URL: database.url });
    @Module({ imports: [ConfigModule.with(config), DatabaseModule, JobsModule], providers: [Work] })
    class Replica {}
    for (let count = 0; count < 3; count++)
      replicas.push(await NestFactory.createApplicationContext(Replica, { logger: false }));
  });
  after(() => database.drop());

  test('run once in all, or everywhere; never twice at once; a failure does not end them; a stop waits', async () => {
    await sleep(2_600);
    await Promise.all(replicas.map((replica) => replica.close()));
    assert.ok(runs.shared >= 2 && runs.shared <= 7, `shared ran ${runs.shared} times`);
    assert.ok(runs.everywhere >= 9 && runs.everywhere <= 18, `everywhere ran ${runs.everywhere} times`);
    assert.ok(runs.slow >= 3, `slow ran ${runs.slow} times`);
    assert.ok(runs.failing >= 3, `failing ran ${runs.failing} times`);
    assert.equal(most, 1);
    assert.equal(atOnce, 0);
    const after = { ...runs };
    await sleep(700);
    assert.deepEqual(runs, after);
  });
});
