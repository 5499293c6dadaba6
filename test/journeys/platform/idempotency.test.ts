import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { IdempotencyService } from '../../../src/platform/database/idempotency.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Person } from '../../support/people.js';

const venue = (name: string) => ({
  name,
  address: 'Essener Straße 20',
  city: 'Erfurt',
  country: 'DE',
  timezone: 'Europe/Berlin',
  capacity: 1500,
});

const counted = (answers: { status: number; body: { code?: string } }[]) =>
  Object.entries(Object.groupBy(answers, ({ status, body }) => body.code ?? String(status))).map(
    ([outcome, all]) => [outcome, all!.length] as const,
  );

describe('Idempotency-Key', () => {
  let app: TestApp;
  let organizer: Person;
  let other: Person;

  const venues = async (name: string) =>
    (await app.db.query('SELECT id FROM venue WHERE name = $1', [name])).rows;
  const create = (name: string, key: string, person = organizer) =>
    person.client.post('/venues', venue(name), { 'idempotency-key': key });

  beforeAll(async () => {
    app = await startApp({ logLevel: 'silent' });
    [organizer, other] = await app.people(2, 'organizer');
  });
  afterAll(() => app.close());

  test('a repeated request gets the first answer again, whatever the order of its members', async () => {
    const first = await create('Once', 'key-1');
    assert.equal(first.status, 201);
    assert.equal(first.headers['idempotency-replayed'], undefined);
    const again = await organizer.client.post(
      '/venues',
      Object.fromEntries(Object.entries(venue('Once')).reverse()),
      { 'idempotency-key': 'key-1' },
    );
    assert.equal(again.status, 201);
    assert.deepEqual(again.body, first.body);
    assert.equal(again.headers.etag, first.headers.etag);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    assert.equal((await venues('Once')).length, 1);
    const { rows } = await app.db.query("SELECT status FROM idempotency_key WHERE key = 'key-1'");
    assert.deepEqual(rows, [{ status: 201 }], 'a replica of the release before sends it');
  });

  test('another body is refused; another person is not affected', async () => {
    const changed = await create('Other body', 'key-1');
    assert.deepEqual([changed.status, changed.body.code], [422, 'idempotency_key_reused']);
    assert.equal((await create('Other person', 'key-1', other)).status, 201);
    assert.equal((await venues('Other body')).length, 0);
  });

  test('50 requests at once with one key have one effect', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => create('Rush', 'key-rush')));
    assert.equal((await venues('Rush')).length, 1);
    for (const [outcome] of counted(answers)) assert.match(outcome, /^(201|idempotency_in_flight)$/);
    const created = answers.filter(({ status }) => status === 201);
    assert.ok(created.length >= 1);
    assert.equal(created.filter(({ headers }) => !headers['idempotency-replayed']).length, 1);
    assert.equal(new Set(created.map(({ body }) => body.id)).size, 1);
    const refused = answers.find(({ status }) => status === 409);
    if (refused) assert.equal(refused.headers['retry-after'], '1');
  });

  test('errors are not remembered', async () => {
    const bad = await organizer.client.post(
      '/venues',
      { ...venue('Bad'), country: 'XX' },
      { 'idempotency-key': 'key-bad' },
    );
    assert.equal(bad.status, 422);
    await app.db.query("ALTER TABLE venue ADD CONSTRAINT no_bad CHECK (name <> 'Bad') NOT VALID");
    assert.equal((await create('Bad', 'key-bad')).status, 500);
    await app.db.query('ALTER TABLE venue DROP CONSTRAINT no_bad');
    const good = await create('Bad', 'key-bad');
    assert.equal(good.status, 201);
    assert.equal(good.headers['idempotency-replayed'], undefined);
  });

  test('a transaction that dies leaves no key locked', async () => {
    const lock = await app.db.connect();
    await lock.query('BEGIN');
    await lock.query('LOCK TABLE venue IN ACCESS EXCLUSIVE MODE');
    const first = create('Cut off', 'key-cut');
    let stuck: number | undefined;
    while (!stuck) {
      const { rows } = await app.db.query(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      stuck = rows[0]?.pid;
    }
    const meanwhile = await create('Cut off', 'key-cut');
    assert.deepEqual([meanwhile.status, meanwhile.body.code], [409, 'idempotency_in_flight']);
    await app.db.query('SELECT pg_terminate_backend($1)', [stuck]);
    assert.equal((await first).status, 503);
    await lock.query('ROLLBACK');
    lock.release();
    const second = await create('Cut off', 'key-cut');
    assert.equal(second.status, 201);
    assert.equal(second.headers['idempotency-replayed'], undefined);
    assert.equal((await venues('Cut off')).length, 1);
  });

  test('keys have 1 to 200 printable ASCII characters', async () => {
    for (const key of ['', 'x'.repeat(201), 'tab\there', 'schön']) {
      const answer = await create('Bad key', key);
      assert.deepEqual([key, answer.status, answer.body.code], [key, 400, 'invalid_header']);
    }
    assert.equal((await create('Long key', 'x'.repeat(200))).status, 201);
    assert.equal((await venues('Bad key')).length, 0);
  });

  test('after 24 hours a key is new', async () => {
    await create('Daily', 'key-day');
    await create('Kept', 'key-kept');
    await app.db.query(
      "UPDATE idempotency_key SET created_at = created_at - interval '24 hours' WHERE key = 'key-day'",
    );
    const nextDay = await create('Daily', 'key-day');
    assert.equal(nextDay.headers['idempotency-replayed'], undefined);
    assert.equal((await venues('Daily')).length, 2);
    await app.db.query(
      "UPDATE idempotency_key SET created_at = created_at - interval '24 hours' WHERE key = 'key-day'",
    );
    assert.equal(await app.nest.get(IdempotencyService).forgetOld(), 1);
    assert.equal((await create('Kept', 'key-kept')).headers['idempotency-replayed'], 'true');
  });
});
