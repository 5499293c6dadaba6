import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { newId } from '../../../src/platform/common/ids.js';
import { DatabaseService } from '../../../src/platform/database/database.service.js';
import {
  again,
  done,
  more,
  refused,
  type SagaWork,
  type StepOutcome,
  stuck,
  wait,
} from '../../../src/platform/saga/saga.js';
import { type SagaRecord, SagasService } from '../../../src/platform/saga/sagas.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import { until } from '../../support/until.js';

const PLAN = { kind: 'test', steps: ['a', 'b', 'c'] } as const;

/** Answers of each step, in turn; after the last answer the step is done. */
type Script = Record<string, (StepOutcome | Error)[]>;

describe('sagas', () => {
  let app: TestApp;
  let other: TestApp;
  let admin: Awaited<ReturnType<TestApp['people']>>[number];
  const told = new Map<string, string[]>();
  const scripts = new Map<string, Script>();
  let pause = Promise.resolve();

  const play = async (id: string, step: string): Promise<StepOutcome> => {
    told.get(id)!.push(step);
    await pause;
    const answer = scripts.get(id)![step]?.shift() ?? done();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const work = (name: string): Required<SagaWork<object>> => ({
    run: ({ id }) => play(id, name),
    undo: ({ id }) => play(id, `undo ${name}`),
  });
  const define = (replica: TestApp) =>
    replica.nest.get(SagasService).define(PLAN, { a: work('a'), b: { run: work('b').run }, c: work('c') });
  const start = async (script: Script = {}): Promise<string> => {
    const id = newId();
    told.set(id, []);
    scripts.set(id, script);
    const saga = { id, kind: PLAN.kind, subjectId: newId(), eventId: null, data: { n: 1 }, actor: null };
    await app.nest.get(DatabaseService).transaction((tx) => app.nest.get(SagasService).start(tx, saga));
    return id;
  };
  const find = async (id: string): Promise<SagaRecord> => (await app.nest.get(SagasService).find(id))!;
  const reaches = async (id: string, state: string) => {
    await until(async () => (await find(id)).state === state);
    return find(id);
  };

  beforeAll(async () => {
    app = await startApp({ sagas: { leaseMs: 300 } });
    other = await startApp({ sagas: { leaseMs: 300 }, database: app.config.database });
    for (const replica of [app, other]) define(replica);
    admin = (await app.people(1, 'admin'))[0];
  });

  afterAll(async () => {
    await other.close();
    await app.close();
  });

  test('does its steps in order, once in all replicas', async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, () => start()));
    for (const id of ids) {
      await reaches(id, 'completed');
      assert.deepEqual(told.get(id), ['a', 'b', 'c']);
    }
  });

  test('undoes what was done, last first, when a step is refused', async () => {
    const id = await start({ c: [refused('no seats')] });
    const saga = await reaches(id, 'compensated');
    assert.deepEqual(told.get(id), ['a', 'b', 'c', 'undo a']);
    assert.equal(saga.reason, 'no seats');
  });

  test('repeats what failed or is not known, merges what steps find out, and comes back for parts', async () => {
    const id = await start({ a: [again('unknown'), new Error('gone')], b: [more({ n: 2 }), done({ m: 3 })] });
    const saga = await reaches(id, 'completed');
    assert.deepEqual(told.get(id), ['a', 'a', 'a', 'b', 'b', 'c']);
    assert.deepEqual(saga.data, { n: 2, m: 3 });
  });

  test('waits for news, and does not miss news that come while it works', async () => {
    const id = await start({ b: [wait(3_600, 'the buyer'), wait(3_600, 'the buyer')] });
    await until(async () => (await find(id)).reason === 'the buyer' && !(await find(id)).lease);
    await app.nest.get(SagasService).resume(id);
    let go = () => {};
    pause = new Promise((resolve) => {
      go = resolve;
    });
    const resumed = app.nest.get(SagasService).resume(id);
    await until(async () => (await find(id)).lease !== null);
    await app.nest.get(SagasService).resume(id);
    go();
    pause = Promise.resolve();
    await resumed;
    await reaches(id, 'completed');
    assert.deepEqual(told.get(id), ['a', 'b', 'b', 'b', 'c']);
  });

  test('is taken over when its leader stops, whose writes are then refused', async () => {
    let go = () => {};
    pause = new Promise((resolve) => {
      go = resolve;
    });
    const id = await start();
    await until(async () => told.get(id)!.length === 1);
    pause = Promise.resolve();
    const saga = await reaches(id, 'completed');
    go();
    await sleep(100);
    assert.deepEqual(told.get(id), ['a', 'a', 'b', 'c']);
    assert.deepEqual(await find(id), saga);
  });

  test('waits for an operator when only one can help; the operator sees why and retries', async () => {
    const id = await start({ c: [stuck('ask the bank')] });
    await reaches(id, 'stuck');
    const list = await admin.client.get('/admin/sagas?state=stuck&kind=test');
    assert.deepEqual(
      list.body.data.map((s: SagaRecord) => [s.id, s.step, s.reason]),
      [[id, 'c', 'ask the bank']],
    );
    const { body } = await admin.client.get(`/admin/sagas/${id}`);
    assert.deepEqual(
      body.steps.map((s: { name: string; outcome: string }) => [s.name, s.outcome]),
      [
        ['a', 'done'],
        ['b', 'done'],
        ['c', 'stuck'],
      ],
    );
    assert.match(
      await (await fetch(`${app.url}/metrics`)).text(),
      /evently_sagas\{kind="test",state="stuck"\} 1/,
    );
    assert.equal((await admin.client.post(`/admin/sagas/${id}/retry`)).status, 200);
    await reaches(id, 'completed');
    const again = await admin.client.post(`/admin/sagas/${id}/retry`);
    assert.deepEqual([again.status, again.body.code], [409, 'saga_ended']);
  });

  test('goes on backwards after a retry when it was stuck on the way back', async () => {
    const id = await start({ c: [refused('no')], 'undo a': [stuck('the bank says no')] });
    await reaches(id, 'stuck');
    await admin.client.post(`/admin/sagas/${id}/retry`);
    await reaches(id, 'compensated');
    assert.deepEqual(told.get(id), ['a', 'b', 'c', 'undo a', 'undo a']);
  });

  test('is for administrators only', async () => {
    const [buyer] = await app.people(1);
    assert.equal((await buyer!.client.get('/admin/sagas')).status, 403);
    assert.equal((await app.client().get('/admin/sagas')).status, 401);
    assert.equal((await admin.client.get(`/admin/sagas/${newId()}`)).status, 404);
  });
});
