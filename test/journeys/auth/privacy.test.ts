import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { AccessWorld, done } from '../../support/access-world.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Json } from '../../support/client.js';
import { until } from '../../support/until.js';

const PASSWORD = 'a password of this test';
const NAME = 'Wilhelmina Öhrenstein-Test';

describe('what is kept about a person', () => {
  let app: TestApp;
  let world: AccessWorld;
  beforeAll(async () => {
    app = await startApp({ webhooks: { allowPrivate: true }, waitlist: { worker: false } });
    world = await AccessWorld.open(app);
  });
  afterAll(async () => {
    world.close();
    await app.close();
  });

  /** Tables and columns in which a text is, in whatever form. */
  async function traces(text: string): Promise<string[]> {
    const { rows: tables } = await app.db.query(
      `SELECT table_name AS t FROM information_schema.tables
        WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
    );
    const found: string[] = [];
    for (const { t } of tables) {
      const { rows } = await app.db.query(
        `SELECT DISTINCT e.key FROM "${t}" AS r, jsonb_each(to_jsonb(r)) AS e(key, value) WHERE e.value::text ILIKE '%' || $1 || '%'`,
        [text],
      );
      found.push(...rows.map(({ key }) => `${t}.${key}`));
    }
    return found;
  }

  test('is exported whole, and erased whole; what is left are ids', async () => {
    const email = `wilhelmina.${crypto.randomUUID()}@example.org`;
    const { accessToken, user } = await done(
      app.client().post('/auth/register', { email, password: PASSWORD, name: NAME }),
    );
    await app.db.query(`UPDATE app_user SET role = 'organizer', email_verified_at = now() WHERE id = $1`, [
      user.id,
    ]);
    const { accessToken: token } = await done(
      app.client().post('/auth/login', { email, password: PASSWORD }),
    );
    assert.notEqual(token, accessToken);
    const api = app.client(token);
    const held = await done(api.post(`/events/${world.sale.eventId}/holds`, { seats: [1_000] }));
    await done(
      api.post(`/bookings/${held.id}/checkout`, {
        payment: { method: 'card', card: { number: '4242424242424242' } },
      }),
    );
    const { id: full } = await world.full();
    await done(api.post(`/events/${full}/waitlist`, { quantity: 1 }));
    await done(api.post('/webhooks', world.webhook));
    await done(
      api.put('/notifications/preferences', { data: [{ kind: 'event.reminder', inApp: true, mail: false }] }),
    );
    await until(async () => {
      const { rows } = await app.db.query(
        'SELECT (SELECT count(*) FROM ticket WHERE holder_id = $1) * (SELECT count(*) FROM notification WHERE user_id = $1) AS n',
        [user.id],
      );
      return Number(rows[0].n) > 0;
    });

    const exported: Json = await done(api.get('/auth/me/export'));
    assert.equal(exported.account.email, email);
    for (const table of [
      'booking',
      'booking_item',
      'payment',
      'ticket',
      'waitlist_entry',
      'notification',
      'notification_preference',
      'webhook',
      'session',
      'mail',
    ])
      assert.ok(
        exported.records[table]?.length > 0,
        `${table} is not in the export: ${Object.keys(exported.records)}`,
      );
    const text = JSON.stringify(exported);
    assert.doesNotMatch(text, /"(password_hash|secret|old_secret|hash)"/);
    assert.ok(!text.includes(world.buyer.id), 'nobody else is in it');
    await until(async () => (await traces(email)).includes('dev_mail.recipient'));

    assert.equal((await api.delete('/auth/me', { password: PASSWORD })).status, 204);
    const left = async () => {
      const { rows } = await app.db.query(
        `SELECT (SELECT count(*) FROM webhook WHERE organizer_id = $1) + (SELECT count(*) FROM mail WHERE user_id = $1)
              + (SELECT count(*) FROM notification WHERE user_id = $1)
              + (SELECT count(*) FROM waitlist_entry WHERE user_id = $1 AND state = 'waiting') AS n`,
        [user.id],
      );
      return Number(rows[0].n);
    };
    await until(async () => (await left()) === 0);
    for (const trace of [email, email.split('@')[0]!, NAME, 'Öhrenstein'])
      assert.deepEqual(await traces(trace), [], trace);
    assert.equal((await world.buyer.client.get(`/bookings/${held.id}`)).status, 404);
  });

  test('facts name nobody', async () => {
    const { rows } = await app.db.query(
      `SELECT DISTINCT f.type FROM fact f JOIN app_user u ON u.email IS NOT NULL
        AND (f.data::text ILIKE '%' || u.email || '%' OR f.data::text LIKE '%' || u.name || '%')`,
    );
    assert.deepEqual(rows, []);
    const { rows: mails } = await app.db.query(`SELECT DISTINCT type FROM fact WHERE data::text LIKE '%@%'`);
    assert.deepEqual(mails, []);
  });
});
