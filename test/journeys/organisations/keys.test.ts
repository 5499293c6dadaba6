import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { ApiKeysService } from '../../../src/auth/keys/api-keys.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { giveRights } from '../../support/members.js';
import { card } from '../../support/money.js';
import { until } from '../../support/until.js';

describe('keys of an organisation', () => {
  let app: TestApp;
  let other: TestApp;
  let sale: Sale;
  let base: string;
  beforeAll(async () => {
    app = await startApp({ limits: { on: true } });
    other = await startApp({ database: app.config.database });
    sale = await openSale(app, plainHall(2, 10));
    base = `/organisations/${sale.organizer.id}/keys`;
  });
  afterAll(async () => {
    await assertAuditClean(app);
    await other.close();
    await app.close();
  });

  const make = async (body: Json): Promise<Json> => {
    const made = await sale.organizer.client.post(base, { name: 'Shop', ...body });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return made.body;
  };
  const attendance = () => `/events/${sale.eventId}/check-in`;

  test('open what they were made for, and nothing that is for people', async () => {
    const { key, ...shown } = await make({ permissions: ['door', 'people'] });
    assert.match(key, /^evk_live_[\w-]{43}$/);
    assert.deepEqual(
      [shown.ending, shown.permissions, shown.expiresAt],
      [key.slice(-4), ['door', 'people'], null],
    );
    const { rows } = await app.db.query(`SELECT to_jsonb(k)::text AS row FROM api_key k WHERE id = $1`, [
      shown.id,
    ]);
    assert.ok(
      !rows[0].row.includes(key) && !rows[0].row.includes(key.slice(9)),
      'the key itself is kept nowhere',
    );
    const machine = app.client(key);
    assert.equal((await machine.get(attendance())).status, 200);
    const [buyer] = await app.people(1);
    const held = (await buyer.client.post(`/events/${sale.eventId}/holds`, { seats: [0] })).body;
    await buyer.client.post(`/bookings/${held.id}/checkout`, card());
    assert.equal((await machine.get(`/bookings/${held.id}`)).body.id, held.id);
    assert.equal((await machine.post(`/bookings/${held.id}/cancel`, {})).body.code, 'permission_missing');
    const priced = await machine.send(
      'PUT',
      `/events/${sale.eventId}/price-tiers`,
      { priceTiers: [] },
      { 'if-match': '"v1"' },
    );
    assert.equal(priced.body.code, 'permission_missing');
    for (const [method, path, body] of [
      ['GET', '/auth/me'],
      ['GET', '/bookings'],
      ['GET', '/organisations'],
      ['POST', `/events/${sale.eventId}/holds`, { seats: [5] }],
      ['POST', '/auth/logout'],
    ] as const)
      assert.equal((await machine.send(method, path, body)).body.code, 'key_not_allowed', path);
    assert.equal((await machine.get('/admin/users')).status, 403);
    const all = (await make({ permissions: ['settings', 'events', 'prices', 'refunds', 'money'] })).key;
    assert.equal((await app.client(all).get(base)).body.code, 'key_not_allowed');
    assert.equal((await app.client(all).get(`/organisations/${sale.organizer.id}/members`)).status, 403);
    const foreign = await openSale(app, plainHall(1, 1));
    assert.equal((await app.client(all).post(`/events/${foreign.eventId}/pause`, {})).status, 404);
  });

  test('act in their own name: facts, access log, idempotency and limits', async () => {
    const { id, key } = await make({ permissions: ['events', 'settings'] });
    const machine = app.client(key);
    const once = { 'idempotency-key': 'the same key' };
    const venue = (await sale.organizer.client.get(`/venues/${sale.venueId}`)).body;
    const { name, city, country, address, timezone, capacity } = venue;
    const wanted = { name, city, country, address, timezone, capacity };
    const mine = await sale.organizer.client.post('/venues', wanted, once);
    const its = await machine.post('/venues', { ...wanted, name: 'Of a machine' }, once);
    assert.deepEqual([mine.status, its.status], [201, 201]);
    assert.equal(its.body.organizerId, sale.organizer.id);
    assert.equal(
      (await machine.post('/venues', { ...wanted, name: 'Of a machine' }, once)).body.id,
      its.body.id,
    );
    const { rows } = await app.db.query(
      `SELECT (SELECT actor FROM fact WHERE stream_id = $1 AND version = 1) AS fact,
              (SELECT actor FROM act WHERE action = 'POST /venues' AND actor = $2 LIMIT 1) AS act`,
      [its.body.id, id],
    );
    assert.deepEqual(rows[0], { fact: id, act: id });
    const [admin] = await app.people(1, 'admin');
    const log = (await admin.client.get(`/admin/audit?actor=${id}`)).body.data;
    assert.match(log[0].actorName, /^Shop \(Person .*\)$/);
    const left = async (client: typeof machine) =>
      Number(/r=(\d+)/.exec(String((await client.get(attendance())).headers.ratelimit))?.[1]);
    assert.notEqual(await left(machine), await left(sale.organizer.client), 'counted apart');
    await app.nest.get(ApiKeysService).noteUses();
    const listed = (await sale.organizer.client.get(base)).body.data.find((one: Json) => one.id === id);
    assert.ok(listed.lastUsedAt);
    assert.ok(!('key' in listed) && !('hash' in listed));
  });

  test('end when they are ended, by time and by rotation, on every replica', async () => {
    const made = await make({ permissions: ['door'] });
    const there = other.client(made.key);
    await until(async () => (await there.get(attendance())).status === 200);
    const rotated = await sale.organizer.client.post(`${base}/${made.id}/rotate`, { overlapHours: 1 });
    assert.equal(rotated.status, 201);
    assert.notEqual(rotated.body.key, made.key);
    assert.deepEqual(rotated.body.permissions, ['door']);
    for (const key of [made.key, rotated.body.key])
      assert.equal((await app.client(key).get(attendance())).status, 200);
    const old = (await sale.organizer.client.get(base)).body.data.find((one: Json) => one.id === made.id);
    const hours = (Date.parse(old.expiresAt) - Date.now()) / 3_600_000;
    assert.ok(hours > 0.9 && hours <= 1, `${hours}`);
    const gone = await sale.organizer.client.post(`${base}/${made.id}/rotate`, { overlapHours: 0 });
    assert.equal((await app.client(made.key).get(attendance())).body.code, 'key_ended');
    await until(async () => (await there.get(attendance())).status === 401);

    assert.equal((await sale.organizer.client.delete(`${base}/${gone.body.id}`)).status, 204);
    assert.equal((await sale.organizer.client.delete(`${base}/${gone.body.id}`)).status, 404);
    const shown = async () =>
      (await sale.organizer.client.get(base)).body.data.find((one: Json) => one.id === gone.body.id);
    assert.ok(Date.parse((await shown()).endedAt) <= Date.now(), 'it is still shown, as ended');
    await app.db.query(`UPDATE api_key SET ended_at = ended_at - interval '31 days' WHERE id = $1`, [
      gone.body.id,
    ]);
    assert.equal(await shown(), undefined, 'for a month');
    const ended = await app.client(gone.body.key).get(attendance());
    assert.deepEqual([ended.status, ended.body.code], [401, 'key_ended']);
    await until(async () => (await other.client(gone.body.key).get(attendance())).status === 401);
  });

  test('are refused where they are none, or stand in an address, of which their maker is told', async () => {
    const bad = app.client(`evk_live_${'x'.repeat(43)}`);
    assert.deepEqual(
      [(await bad.get(attendance())).status, (await bad.get(attendance())).body.code],
      [401, 'key_invalid'],
    );
    assert.equal((await app.client('evk_test_1').get('/auth/me')).body.code, 'key_invalid');
    const { key } = await make({ name: 'Careless', permissions: ['door'] });
    for (const path of [`${attendance()}?key=${key}`, `/events/${key}`]) {
      const answer = await app.client().get(path);
      assert.deepEqual([answer.status, answer.body.code], [400, 'key_in_url']);
    }
    const mails = async (): Promise<Json[]> =>
      (await (await fetch(`${app.url}/dev/mail.json?to=${sale.organizer.email}`)).json()) as Json[];
    await until(async () => (await mails()).some(({ text }) => text.includes('Careless')));
    assert.equal((await mails()).filter(({ text }) => text.includes('Careless')).length, 1, 'once a day');
    assert.ok(!(await mails()).some(({ text }) => text.includes(key)));
  });

  test('are made by people with the permission, for what these may do', async () => {
    const [ada] = await app.people(1);
    const create = (body: Json) => ada.client.post(base, { name: 'Mine', ...body });
    assert.equal((await create({ permissions: ['door'] })).body.code, 'forbidden');
    await giveRights(app, sale.organizer.id, ada, { permissions: ['settings', 'door'] });
    assert.equal((await create({ permissions: ['door'] })).status, 201);
    assert.equal((await create({ permissions: ['door', 'money'] })).body.code, 'rights_not_yours');
    const foreign = await openSale(app, plainHall(1, 1));
    for (const [body, code] of [
      [{ permissions: ['members'] }, 'validation_failed'],
      [{ permissions: [] }, 'validation_failed'],
      [{ permissions: ['door'], events: [foreign.eventId] }, 'unknown_events'],
      [{ permissions: ['door'], expiresAt: '2020-01-01T00:00:00Z' }, 'validation_failed'],
      [{ permissions: ['door'], name: '\u200b' }, 'validation_failed'],
    ] as const)
      assert.equal((await create(body)).body.code, code, JSON.stringify(body));
  });

  test('for single events open those alone', async () => {
    const { key } = await make({ permissions: ['door', 'events'], events: [sale.eventId] });
    assert.equal((await app.client(key).get(attendance())).status, 200);
    assert.equal((await app.client(key).get('/webhooks')).body.code, 'permission_missing');
    assert.equal((await app.client(key).post('/events', {})).status, 400);
  });
});
