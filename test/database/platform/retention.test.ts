import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { DiscoveryService } from '@nestjs/core';
import { decoratedMethods } from '../../../src/platform/common/decorated-methods.js';
import { newId } from '../../../src/platform/common/ids.js';
import { EVERY, type EveryOptions } from '../../../src/platform/jobs/jobs.decorators.js';
import { startApp, type TestApp } from '../../support/app.js';

const ago = (days: number, hours = 0) => `now() - interval '${days} days ${hours} hours'`;
/** An hour on this side of the end and on that. */
const kept = (days: number) => ago(days, -1);
const over = (days: number) => ago(days, 1);

/** Rows by what is said of them: `stays …` or `goes …`. */
interface Table {
  readonly job: string;
  readonly table: string;
  /** Puts in a row under this name. */
  insert(name: string, of: string): Promise<unknown>;
  readonly rows: Record<string, string>;
  /** The names that are left. */
  left(): Promise<string[]>;
}

describe('what is kept, and for how long', () => {
  let app: TestApp;
  let userId: string;
  let sessionId: string;
  let webhookId: string;
  beforeAll(async () => {
    // A worker runs jobs; here they run when they are called.
    app = await startApp({ role: 'api' });
    userId = (await app.people(1))[0].id;
    sessionId = newId();
    webhookId = newId();
    await app.db.query(
      `INSERT INTO session (id, user_id, expires_at) VALUES ($1, $2, now() + interval '1 day')`,
      [sessionId, userId],
    );
    await app.db.query(
      `INSERT INTO webhook (id, organizer_id, url, facts, secret) VALUES ($1, $2, 'https://example.org', '{}', '')`,
      [webhookId, userId],
    );
  });
  afterAll(() => app.close());

  const sql = (text: string) => (name: string, of: string) =>
    app.db.query(text.replace('ROW', of), text.includes('$2') ? [name, userId] : [name]);
  const names = (text: string) => async () =>
    (await app.db.query(text)).rows.map(({ name }) => name as string).sort();

  const tables: Table[] = [
    {
      job: 'saga.forget-old',
      table: 'saga',
      insert: (name, of) =>
        app.db.query(
          `WITH made AS (
             INSERT INTO saga (id, kind, subject_id, data, reason, created_at, updated_at, state, due_at)
             VALUES ($2, 'checkout', $2, '{}', $1, ${of}) RETURNING id
           ) INSERT INTO saga_step (saga_id, step, undo, name) SELECT id, 0, false, $1 FROM made`,
          [name, newId()],
        ),
      rows: {
        'goes: completed 90 days ago': `${ago(200)}, ${over(90)}, 'completed', NULL`,
        'goes: undone 90 days ago': `${ago(200)}, ${over(90)}, 'compensated', NULL`,
        'stays: completed a little later': `${ago(200)}, ${kept(90)}, 'completed', NULL`,
        'stays: stuck': `${ago(200)}, ${ago(200)}, 'stuck', NULL`,
        'stays: under way': `${ago(200)}, ${ago(200)}, 'running', now() + interval '1 day'`,
      },
      left: names('SELECT s.reason AS name FROM saga s JOIN saga_step ON saga_id = id'),
    },
    {
      job: 'accounts.forget-old',
      table: 'session',
      insert: (name, of) =>
        app.db.query(
          `WITH named AS (INSERT INTO app_user (id, email, name, password_hash) VALUES ($1, $2, $3, '') RETURNING id)
           INSERT INTO session (id, user_id, expires_at) SELECT $1, id, ${of} FROM named`,
          [newId(), `${newId()}@example.org`, name],
        ),
      rows: { 'goes: ended yesterday': over(1), 'stays: ended today': kept(1) },
      left: names('SELECT name FROM session JOIN app_user u ON u.id = user_id WHERE session.id = u.id'),
    },
    {
      job: 'accounts.forget-old',
      table: 'refresh_token',
      insert: (name, of) =>
        app.db.query(
          `INSERT INTO refresh_token (hash, session_id, used_at) VALUES (convert_to($1, 'UTF8'), $2, ${of})`,
          [name, sessionId],
        ),
      rows: {
        'goes: used 30 days ago': over(30),
        'stays: used a little later': kept(30),
        'stays: never used': 'NULL',
      },
      left: names(`SELECT convert_from(hash, 'UTF8') AS name FROM refresh_token`),
    },
    {
      job: 'accounts.forget-old',
      table: 'one_time_token',
      insert: sql(
        `INSERT INTO one_time_token (hash, user_id, purpose, expires_at) VALUES (convert_to($1, 'UTF8'), $2, 'reset', ROW)`,
      ),
      rows: { 'goes: at its end': ago(0, 1), 'stays: still good': `now() + interval '1 hour'` },
      left: names(`SELECT convert_from(hash, 'UTF8') AS name FROM one_time_token WHERE purpose = 'reset'`),
    },
    {
      job: 'mail.forget-old',
      table: 'mail',
      insert: (name, of) =>
        app.db.query(
          `INSERT INTO mail (id, kind, user_id, data, bulk, settled_at, state) VALUES ($1, $2, $3, '{}', false, ${of})`,
          [newId(), name, userId],
        ),
      rows: {
        'goes: sent 7 days ago': `${over(7)}, 'sent'`,
        'goes: dropped 7 days ago': `${over(7)}, 'dropped'`,
        'goes: given up 30 days ago': `${over(30)}, 'failed'`,
        'stays: sent a little later': `${kept(7)}, 'sent'`,
        'stays: given up a little later': `${kept(30)}, 'failed'`,
        'stays: pending': `NULL, 'pending'`,
      },
      left: names('SELECT kind AS name FROM mail'),
    },
    {
      job: 'notifications.forget-old',
      table: 'notification',
      insert: (name, of) =>
        app.db.query(
          `INSERT INTO notification (user_id, id, kind, cause, data, shown, created_at)
           VALUES ($1, $2, 'reminder', $3, '{}', true, ${of})`,
          [userId, newId(), name],
        ),
      rows: { 'goes: a year old': over(365), 'stays: a little younger': kept(365) },
      left: names('SELECT cause AS name FROM notification'),
    },
    {
      job: 'webhooks.keep-house',
      table: 'webhook_delivery',
      insert: (name, of) =>
        app.db.query(
          `INSERT INTO webhook_delivery (id, webhook_id, pos, stream_id, type, body, created_at, state)
           VALUES ($1, $2, (SELECT count(*) FROM webhook_delivery), $1, $3, '', ${of})`,
          [newId(), webhookId, name],
        ),
      rows: {
        'goes: delivered 30 days ago': `${over(30)}, 'delivered'`,
        'goes: failed 30 days ago': `${over(30)}, 'failed'`,
        'stays: delivered a little later': `${kept(30)}, 'delivered'`,
        'stays: pending': `${over(30)}, 'pending'`,
      },
      left: names('SELECT type AS name FROM webhook_delivery'),
    },
    {
      job: 'payments.forget-provider-events',
      table: 'provider_event',
      insert: sql(
        `INSERT INTO provider_event (provider, id, type, received_at, handled_at) VALUES ('x', $1, '', ROW)`,
      ),
      rows: {
        'goes: 90 days old, handled': `${over(90)}, now()`,
        'stays: a little younger': `${kept(90)}, now()`,
        'stays: not handled': `${over(90)}, NULL`,
      },
      left: names('SELECT id AS name FROM provider_event'),
    },
    {
      job: 'idempotency.forget-old',
      table: 'idempotency_key',
      insert: sql(
        `INSERT INTO idempotency_key (user_id, key, route, body_hash, created_at) VALUES ($2, $1, 'x', '', ROW)`,
      ),
      rows: { 'goes: a day old': over(1), 'stays: a little younger': kept(1) },
      left: names('SELECT key AS name FROM idempotency_key'),
    },
  ];

  const run = async (job: string): Promise<void> => {
    const found = decoratedMethods<EveryOptions>(app.nest.get(DiscoveryService), EVERY);
    await (found.find(({ metadata }) => metadata.name === job)!.call as () => Promise<void>)();
  };

  for (const { job, table, insert, rows, left } of tables)
    test(`${table}: ${job}`, async () => {
      const all = Object.keys(rows);
      for (const [name, of] of Object.entries(rows)) await insert(name, of);
      assert.deepEqual(await left(), all.toSorted());
      await run(job);
      assert.deepEqual(await left(), all.filter((name) => name.startsWith('stays')).sort());
    });

  test('is what docs/DATABASE.md says', () => {
    const text = readFileSync('docs/DATABASE.md', 'utf8').split('## What is kept')[1]!;
    const said = Array.from(text.matchAll(/`([a-z-]+\.[a-z-]+)`/g), ([, job]) => job!);
    const found = decoratedMethods<EveryOptions>(app.nest.get(DiscoveryService), EVERY);
    const forgetting = found.map(({ metadata }) => metadata.name).filter((n) => /forget|keep-house/.test(n));
    assert.deepEqual([...new Set(said)].sort(), forgetting.sort());
  });
});
