import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { AccessWorld, done } from '../../support/access-world.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Json } from '../../support/client.js';
import { giveRights } from '../../support/members.js';
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
    const settings = `/organisations/${user.id}/house/settings`;
    const imprint = { de: `${NAME}, Theaterplatz 1`, en: null };
    const { logo: _, version, ...before } = await done(api.get(settings));
    await done(api.put(settings, { ...before, imprint }, { 'if-match': `"v${version}"` }));
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
      'member',
      'session',
      'mail',
    ])
      assert.ok(
        exported.records[table]?.length > 0,
        `${table} is not in the export: ${Object.keys(exported.records)}`,
      );
    // An organizer's events, venues and webhooks are the organisation's, which has the same id.
    for (const table of ['event', 'venue', 'webhook', 'organisation', 'api_key', 'invitation'])
      assert.equal(exported.records[table], undefined, table);
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

  test('a member who is erased leaves keys and invitations to the organisation, without a name', async () => {
    const { organizer } = world;
    const email = `clerk.${crypto.randomUUID()}@example.org`;
    const name = 'Kunigunde Zapf-Test';
    const { user } = await done(app.client().post('/auth/register', { email, password: PASSWORD, name }));
    await giveRights(app, organizer.id, user, { permissions: ['members', 'settings', 'door'] });
    const { accessToken } = await done(app.client().post('/auth/login', { email, password: PASSWORD }));
    const api = app.client(accessToken);
    const path = `/organisations/${organizer.id}`;
    const wanted = { name: 'Shop', permissions: ['door'] };
    const key = await done(api.post(`${path}/keys`, wanted));
    const guest = `guest.${crypto.randomUUID()}@example.org`;
    const invited = await done(api.post(`${path}/invitations`, { email: guest, permissions: ['door'] }));
    const exported: Json = await done(api.get('/auth/me/export'));
    assert.deepEqual(
      exported.records.member.map((row: Json) => row.organisation_id),
      [organizer.id],
    );
    assert.ok(!JSON.stringify(exported).includes(guest), 'the address of somebody else');
    assert.equal((await api.delete('/auth/me', { password: PASSWORD })).status, 204);
    await until(async () => (await traces(name)).length === 0 && (await traces(email)).length === 0);
    const { body: keys } = await organizer.client.get(`${path}/keys`);
    assert.deepEqual(
      keys.data.filter(({ id }: Json) => id === key.id).map(({ createdBy }: Json) => createdBy),
      [user.id],
    );
    assert.notEqual((await app.client(key.key).get(`/events/${world.sale.eventId}`)).status, 401);
    const { body: invitations } = await organizer.client.get(`${path}/invitations`);
    assert.ok(invitations.data.some(({ id }: Json) => id === invited.id));
    const { body: log } = await organizer.client.get(`${path}/audit?actor=${user.id}`);
    assert.deepEqual(
      log.data.map(({ action, actorName }: Json) => [action, actorName]),
      [
        ['POST /organisations/{id}/invitations', null],
        ['POST /organisations/{id}/keys', null],
      ],
    );
    const { body: members } = await organizer.client.get(`${path}/members`);
    assert.ok(members.data.every(({ userId }: Json) => userId !== user.id));
  });

  test('the webhooks of an organisation stay when its founder is erased and others are there', async () => {
    const email = `founder.${crypto.randomUUID()}@example.org`;
    const founder = await done(
      app.client().post('/auth/register', { email, password: PASSWORD, name: 'Founder' }),
    );
    await app.db.query(`UPDATE app_user SET role = 'organizer', email_verified_at = now() WHERE id = $1`, [
      founder.user.id,
    ]);
    const { accessToken } = await done(app.client().post('/auth/login', { email, password: PASSWORD }));
    await done(app.client(accessToken).post('/webhooks', world.webhook));
    const [heir] = await app.people(1);
    await giveRights(app, founder.user.id, heir, { owner: true });
    assert.equal((await app.client(accessToken).delete('/auth/me', { password: PASSWORD })).status, 204);
    await until(async () => {
      const { rows } = await app.db.query(
        `SELECT FROM fact f JOIN fact_cursor c ON c.handler = 'webhooks.leave'
            AND (c.pos >= f.pos OR pg_visible_in_snapshot(f.xid, c.seen))
          WHERE f.type = 'account.erased' AND f.stream_id = $1`,
        [founder.user.id],
      );
      return rows.length > 0;
    });
    const { data } = (await heir.client.get('/webhooks')).body;
    assert.equal(data.length, 1);
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
