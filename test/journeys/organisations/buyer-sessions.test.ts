import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { TokenService } from '../../../src/auth/tokens/token.service.js';
import { newId } from '../../../src/platform/common/ids.js';
import { ACCESS } from '../../support/access-table.js';
import { AccessWorld, done } from '../../support/access-world.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Client, Json } from '../../support/client.js';
import { openSale, plainHall } from '../../support/halls.js';
import { card } from '../../support/money.js';
import { note } from '../../support/note.js';
import { openShop, SHOP_ORIGIN } from '../../support/shops.js';
import { until } from '../../support/until.js';

const HERE = { origin: SHOP_ORIGIN };
const NOBODYS = '00000000-0000-7000-8000-000000000000';

/** All that a buyer session opens: what is asked for, and the answer for the customer's own, in this order. */
const OPEN: Record<string, { status: number; body?: Json }> = {
  'GET /events/{id}': { status: 200 },
  'GET /events/{id}/price-tiers': { status: 200 },
  'GET /events/{id}/seat-map': { status: 200 },
  'GET /events/{id}/seats': { status: 200 },
  'GET /events/{id}/seats/changes': { status: 200 },
  'POST /events/{id}/holds': { status: 201, body: { areas: [{ area: 'Standing', quantity: 1 }] } },
  'GET /payments/method': { status: 200 },
  'POST /payments/sandbox/{ref}/confirm': { status: 404 },
  'GET /bookings': { status: 200 },
  'GET /bookings/{id}': { status: 200 },
  'POST /bookings/{id}/extend': { status: 200 },
  'POST /bookings/{id}/checkout': { status: 200, body: card() },
  'GET /bookings/{id}/tickets': { status: 200 },
  'GET /bookings/{id}/tickets.pdf': { status: 200 },
  'GET /bookings/{id}/tickets.ics': { status: 200 },
  'GET /tickets/{id}': { status: 200 },
  'GET /tickets/{id}/qr.png': { status: 200 },
  'GET /tickets/{id}/qr.svg': { status: 200 },
  'GET /tickets/{id}/ticket.pdf': { status: 200 },
  'GET /tickets/{id}/event.ics': { status: 200 },
  'GET /bookings/{id}/refund-quote': { status: 200 },
  'POST /bookings/{id}/cancel': { status: 200, body: {} },
  // Paid and given back by then.
  'DELETE /bookings/{id}': { status: 409 },
};

describe('a buyer session', () => {
  let app: TestApp;
  let world: AccessWorld;
  beforeAll(async () => {
    app = await startApp({ demo: true, webhooks: { allowPrivate: true }, limits: { on: false } });
    world = await AccessWorld.open(app, plainHall(10, 10, [{ name: 'Standing', capacity: 500 }]));
  });
  afterAll(async () => {
    world.close();
    await assertAuditClean(app);
    await app.close();
  });

  const make = async (more: Json = {}, eventId = world.sale.eventId): Promise<Json> => {
    const body = { origin: SHOP_ORIGIN, customer: { reference: newId() }, ...more };
    return done(world.shop.client.post(`/events/${eventId}/buyer-sessions`, body));
  };
  const places = (eventId: string, quantity = 1): [string, Json, Json] => [
    `/events/${eventId}/holds`,
    { areas: [{ area: 'Standing', quantity }] },
    HERE,
  ];

  test('opens these routes, and answers 403 on every other one', async () => {
    const { token } = await make({ customer: { reference: 'table', name: 'Ada Byron' } });
    const buyer = app.client(token);
    const wrong: string[] = [];
    let booking = NOBODYS;
    let ticket = NOBODYS;
    const ask = (route: string, body?: Json): ReturnType<Client['send']> => {
      const [method, path] = route.split(' ') as [string, string];
      const id = path.startsWith('/events')
        ? world.sale.eventId
        : path.startsWith('/tickets')
          ? ticket
          : booking;
      const ref = `sb_${crypto.randomUUID()}`;
      const named: Record<string, string> = { id, ref, hash: '0'.repeat(32), label: 'B0-1-1' };
      const url = path.replace(/\{(\w+)\}/g, (_, name: string) => named[name] ?? newId());
      return buyer.send(method, url + (path.endsWith('/changes') ? '?since=0' : ''), body, HERE);
    };
    for (const [route, { status, body }] of Object.entries(OPEN)) {
      const answer = await ask(route, body);
      if (answer.status !== status) wrong.push(`${route}: ${answer.status} ${JSON.stringify(answer.body)}`);
      if (route.endsWith('/holds')) booking = answer.body.id;
      if (route.endsWith('/tickets')) ticket = answer.body.data[0].id;
    }
    let refused = 0;
    for (const route of Object.keys(ACCESS)) {
      if (route in OPEN || /webhooks\/stripe/.test(route)) continue;
      const { status, body } = await ask(route);
      refused++;
      if (status !== 403 || body.code !== 'buyer_session_not_allowed')
        wrong.push(`${route}: ${status} ${body?.code}, not refused`);
    }
    assert.deepEqual(wrong, []);
    note(`${Object.keys(OPEN).length} routes opened, ${refused} refused`);
    const { body: document } = await app.client().get('//openapi.json');
    const told = Object.entries<Json>(document.paths).flatMap(([path, item]) =>
      Object.entries<Json>(item).flatMap(([method, one]) =>
        one['x-buyer-session'] ? [`${method.toUpperCase()} ${path.replace('/api/v1', '')}`] : [],
      ),
    );
    assert.deepEqual(told.sort(), Object.keys(OPEN).sort(), 'the document tells the same');
  });

  test('is for one event, and for what its customer has of it', async () => {
    const other = await world.onSale();
    const customer = { reference: 'two events' };
    const [here, there] = [await make({ customer }), await make({ customer }, other.id)];
    assert.equal(here.customerId, there.customerId, 'the same buyer');
    const [first, second] = [app.client(here.token), app.client(there.token)];
    const held = await done(first.post(...places(world.sale.eventId)));
    const apart = await done(second.post(`/events/${other.id}/holds`, { seats: [0] }, HERE));
    assert.deepEqual(
      [
        (await first.post(`/events/${other.id}/holds`, { seats: [1] }, HERE)).body.code,
        (await first.get(`/events/${other.id}`, HERE)).body.code,
        (await first.get(`/bookings?eventId=${other.id}`, HERE)).body.code,
      ],
      Array(3).fill('buyer_session_not_allowed'),
    );
    for (const [client, foreign] of [
      [first, apart],
      [second, held],
      [app.client((await make()).token), held],
    ] as const)
      for (const [method, path, body] of [
        ['GET', ''],
        ['DELETE', ''],
        ['POST', '/extend'],
        ['POST', '/checkout', card()],
        ['POST', '/cancel', {}],
        ['GET', '/refund-quote'],
        ['GET', '/tickets'],
        ['GET', '/tickets.pdf'],
        ['GET', '/tickets.ics'],
      ] as const)
        assert.equal(
          (await client.send(method, `/bookings/${foreign.id}${path}`, body, HERE)).status,
          404,
          method + path,
        );
    await done(first.post(`/bookings/${held.id}/checkout`, card(), HERE));
    await until(async () => (await first.get(`/bookings/${held.id}/tickets`, HERE)).body.data?.length === 1);
    const [ticket] = (await first.get(`/bookings/${held.id}/tickets`, HERE)).body.data;
    assert.equal((await first.get(`/tickets/${ticket.id}`, HERE)).status, 200);
    for (const path of ['', '/qr.png', '/qr.svg', '/ticket.pdf', '/event.ics'])
      assert.equal((await second.get(`/tickets/${ticket.id}${path}`, HERE)).status, 404, path);
    const ids = async (client: Client) =>
      (await client.get('/bookings', HERE)).body.data.map(({ id }: Json) => id);
    assert.deepEqual([await ids(first), await ids(second)], [[held.id], [apart.id]]);
  });

  test('works on pages of its origin alone', async () => {
    const { token } = await make();
    const buyer = app.client(token);
    const path = `/events/${world.sale.eventId}`;
    for (const origin of [
      'https://evil.example.org',
      'http://shop.example.org',
      `${SHOP_ORIGIN}:8443`,
      'null',
      '',
    ])
      for (const [method, where, body] of [
        ['GET', path],
        ['POST', `${path}/holds`, { seats: [5] }],
      ] as const) {
        const answer = await buyer.send(method, where, body, { origin });
        assert.deepEqual([answer.status, answer.body.code], [403, 'origin_not_allowed'], origin);
        assert.equal(
          answer.headers['access-control-allow-origin'],
          SHOP_ORIGIN,
          'and the browser shows it to nobody',
        );
      }
    const answer = await buyer.get(path, HERE);
    assert.equal(answer.headers['access-control-allow-origin'], SHOP_ORIGIN);
    assert.match(answer.headers.vary!, /origin/i);
    // Programs send none, and could send any: only browsers bind pages.
    assert.equal((await buyer.get(path)).status, 200);
    assert.equal((await app.client().get(path, HERE)).headers['access-control-allow-origin'], '*');
  });

  test('is made with a key that has the permission, for an event on sale of the organisation', async () => {
    const path = `/events/${world.sale.eventId}/buyer-sessions`;
    const body = { origin: SHOP_ORIGIN, customer: { reference: 'x' } };
    const keys = `/organisations/${world.organizer.id}/keys`;
    const { key: door } = await done(
      world.organizer.client.post(keys, { name: 'Door', permissions: ['door'] }),
    );
    const rival = await openShop(app, world.rival);
    const draft = await world.draft();
    const answers = await Promise.all([
      app.client(door).post(path, body),
      rival.client.post(path, body),
      world.organizer.client.post(path, body),
      world.admin.client.post(path, body),
      app.client((await make()).token).post(path, body, HERE),
      world.shop.client.post(`/events/${draft.id}/buyer-sessions`, body),
      world.shop.client.post(`/events/${newId()}/buyer-sessions`, body),
    ]);
    assert.deepEqual(
      answers.map((one) => one.body.code),
      [
        'permission_missing',
        'not_found',
        'key_needed',
        'key_needed',
        'buyer_session_not_allowed',
        'event_not_on_sale',
        'not_found',
      ],
    );
    for (const odd of [
      { origin: 'https://shop.example.org/' },
      { origin: 'https://Shop.example.org' },
      { origin: 'shop.example.org' },
      { origin: 'null' },
      { origin: 'https://a:b@shop.example.org' },
      { origin: 'ftp://shop.example.org' },
      { minutes: 4 },
      { minutes: 121 },
      { customer: { reference: '' } },
      { customer: { reference: 'x', email: 'nobody' } },
    ])
      assert.equal(
        (await world.shop.client.post(path, { ...body, ...odd })).status,
        422,
        JSON.stringify(odd),
      );
    for (const minutes of [5, 120]) {
      const made = await make({ minutes });
      const left = (Date.parse(made.expiresAt) - Date.now()) / 60_000;
      assert.ok(left > minutes - 0.5 && left <= minutes, `${left}`);
      assert.equal((await app.client(made.token).get('/bookings', HERE)).status, 200);
    }
    const other = await done(rival.client.get('/customers'));
    assert.deepEqual(other.data, [], 'nothing of it is seen by others');
    const foreign = await make();
    assert.equal((await rival.client.delete(`/buyer-sessions/${foreign.id}`)).status, 404);
    assert.equal((await rival.client.delete(`/customers/${foreign.customerId}`)).status, 404);
    assert.equal((await rival.client.get(`/customers/${foreign.customerId}/export`)).status, 404);
  });

  test('ends when the shop ends it or its time is over; holds live on, and the key is named', async () => {
    const customer = { reference: 'ends' };
    const made = await make({ customer });
    const buyer = app.client(made.token);
    const held = await done(buyer.post(...places(world.sale.eventId)));
    assert.equal((await world.shop.client.delete(`/buyer-sessions/${made.id}`)).status, 204);
    assert.equal((await world.shop.client.delete(`/buyer-sessions/${made.id}`)).status, 204, 'twice is once');
    const ended = await buyer.get(`/bookings/${held.id}`, HERE);
    assert.deepEqual([ended.status, ended.body.code], [401, 'token_revoked']);
    assert.equal(ended.headers['access-control-allow-origin'], SHOP_ORIGIN, 'the page is told');
    const next = app.client((await make({ customer })).token);
    assert.equal((await next.get(`/bookings/${held.id}`, HERE)).body.status, 'held');
    const { rows } = await app.db.query(
      `SELECT f.type, f.actor, f.data ->> 'customerId' AS customer FROM fact f WHERE f.stream = 'buyer_session' AND f.stream_id = $1 ORDER BY version`,
      [made.id],
    );
    assert.deepEqual(rows, [
      { type: 'buyer_session.opened', actor: world.shop.id, customer: made.customerId },
      { type: 'buyer_session.ended', actor: world.shop.id, customer: made.customerId },
    ]);
    const acts = (await world.admin.client.get(`/admin/audit?actor=${world.shop.id}`)).body.data;
    const [act] = acts.filter(({ action }: Json) => action === 'POST /events/{id}/buyer-sessions');
    assert.match(act.actorName, /^Shop \(Person /);
    assert.equal(act.about.id, world.sale.eventId);
    const over = app.nest
      .get(TokenService)
      .signForBuyer(
        { id: made.customerId, role: 'user', sessionId: newId(), locale: 'en' },
        { eventId: world.sale.eventId, origin: SHOP_ORIGIN },
        world.shop.id,
        new Date(Date.now() - 5_000),
      );
    const late = await app.client(over).get('/bookings', HERE);
    assert.deepEqual([late.status, late.body.code], [401, 'token_expired']);
    assert.equal(late.headers['access-control-allow-origin'], SHOP_ORIGIN);
  });

  test('of a customer who is locked is over, and there is no other', async () => {
    const customer = { reference: 'locked' };
    const { token, customerId } = await make({ customer });
    await done(world.admin.client.post(`/admin/users/${customerId}/lock`, { reason: 'Cards of others' }));
    assert.equal((await app.client(token).get('/bookings', HERE)).body.code, 'token_revoked');
    const path = `/events/${world.sale.eventId}/buyer-sessions`;
    const again = await world.shop.client.post(path, { origin: SHOP_ORIGIN, customer });
    assert.deepEqual([again.status, again.body.code], [409, 'customer_locked']);
  });

  test('makes a buyer who never logs in, is no account, and is exported and erased for the shop', async () => {
    const [{ email }] = await app.people(1);
    const name = 'Ottilie Querfeld';
    const customer = { reference: 'C-1042', name, email, locale: 'de' };
    const made = await make({ customer });
    await make({ customer: { reference: 'C-1042' } });
    const buyer = app.client(made.token);
    const held = await done(buyer.post(...places(world.sale.eventId)));
    assert.match(held.items[0].place.text, /Standing/);
    await done(buyer.post(`/bookings/${held.id}/checkout`, card(), HERE));
    const listed = await done(world.shop.client.get('/customers?reference=C-1042'));
    assert.deepEqual(
      listed.data.map((one: Json) => [one.id, one.name, one.email, one.locale]),
      [[made.customerId, name, email, 'de']],
    );
    const accounts = async (query: string) =>
      (await world.admin.client.get(`/admin/users?limit=100${query}`)).body.data.map(({ id }: Json) => id);
    assert.ok(!(await accounts('')).includes(made.customerId));
    assert.ok((await accounts('&kind=customer')).includes(made.customerId));
    const shown = (await world.admin.client.get(`/admin/users/${made.customerId}`)).body.account;
    assert.deepEqual([shown.kind, shown.reference, shown.email], ['customer', 'C-1042', email]);
    const role = await world.admin.client.patch(`/admin/users/${made.customerId}`, { role: 'admin' });
    assert.equal(role.status, 404);
    // The address belongs to an account as well, whose logins and links are its own.
    const reset = await app.client().post('/auth/forgot', { email });
    assert.equal(reset.status, 202);
    const { rows: links } = await app.db.query('SELECT FROM one_time_token WHERE user_id = $1', [
      made.customerId,
    ]);
    assert.equal(links.length, 0);

    type Sent = { subject: string; text: string; attachments: { filename: string }[] };
    const mails = async (): Promise<Sent[]> =>
      (await (await fetch(`${app.url}/dev/mail.json?to=${email}`)).json()) as Sent[];
    await until(async () => (await mails()).some(({ attachments }) => attachments.length > 0));
    const [tickets] = (await mails()).filter(({ attachments }) => attachments.length > 0);
    assert.deepEqual(
      tickets!.attachments.map(({ filename }) => filename),
      ['tickets.pdf', 'event.ics'],
    );
    assert.match(tickets!.text, /Guten Tag Ottilie Querfeld/);
    assert.doesNotMatch(tickets!.text, /\/bookings\/|\/account\//, 'no page that needs a login');
    const { rows: told } = await app.db.query('SELECT shown FROM notification WHERE user_id = $1', [
      made.customerId,
    ]);
    assert.ok(told.length > 0 && told.every(({ shown }) => !shown));

    const exported = await done(world.shop.client.get(`/customers/${made.customerId}/export`));
    for (const table of ['booking', 'booking_item', 'payment', 'ticket', 'session', 'mail'])
      assert.ok(exported.records[table]?.length > 0, table);
    assert.equal((await world.shop.client.delete(`/customers/${made.customerId}`)).status, 204);
    assert.equal((await world.shop.client.delete(`/customers/${made.customerId}`)).status, 404);
    assert.equal((await buyer.get('/bookings', HERE)).body.code, 'token_revoked');
    const { rows } = await app.db.query('SELECT to_jsonb(u) AS row FROM app_user u WHERE id = $1', [
      made.customerId,
    ]);
    for (const trace of ['Ottilie', email, 'C-1042']) assert.ok(!JSON.stringify(rows).includes(trace), trace);
    const { rows: left } = await app.db.query(
      'SELECT (SELECT count(*)::int FROM mail WHERE user_id = $1) + (SELECT count(*)::int FROM session WHERE user_id = $1 AND revoked_at IS NULL) AS n',
      [made.customerId],
    );
    assert.equal(left[0].n, 0);
    assert.notEqual((await make({ customer: { reference: 'C-1042' } })).customerId, made.customerId);
  });

  test('without an address brings no mail', async () => {
    const made = await make();
    const buyer = app.client(made.token);
    const held = await done(buyer.post(...places(world.sale.eventId)));
    await done(buyer.post(`/bookings/${held.id}/checkout`, card(), HERE));
    const of = async (table: string) =>
      (await app.db.query(`SELECT FROM ${table} WHERE user_id = $1`, [made.customerId])).rows.length;
    await until(async () => (await of('notification')) > 0);
    assert.equal(await of('mail'), 0);
  });
});

describe('buyer sessions where other origins are listed', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ http: { corsOrigins: ['https://tickets.example.org'] }, limits: { on: true } });
  });
  afterAll(() => app.close());

  test('are let through preflights, and answers are for their origin alone', async () => {
    const { eventId, organizer } = await openSale(app, plainHall(1, 4));
    const shop = await openShop(app, organizer);
    const path = `/events/${eventId}`;
    const preflight = (origin: string, headers: string) =>
      app.client().send('OPTIONS', `${path}/holds`, undefined, {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': headers,
      });
    const passed = await preflight(SHOP_ORIGIN, 'authorization,content-type');
    assert.deepEqual([passed.status, passed.headers['access-control-allow-origin']], [204, SHOP_ORIGIN]);
    assert.match(passed.headers['access-control-allow-headers']!, /authorization/);
    assert.match(passed.headers.vary!, /origin/i);
    const without = await preflight(SHOP_ORIGIN, 'content-type');
    assert.equal(without.headers['access-control-allow-origin'], undefined);
    const body = { origin: SHOP_ORIGIN, customer: { reference: 'x' } };
    const { token } = await done(shop.client.post(`${path}/buyer-sessions`, body));
    const held = await app.client(token).post(`${path}/holds`, { seats: [0] }, HERE);
    assert.deepEqual([held.status, held.headers['access-control-allow-origin']], [201, SHOP_ORIGIN]);
    const account = await organizer.client.get(path, HERE);
    assert.equal(account.headers['access-control-allow-origin'], undefined, 'other tokens are as listed');
    const forged = await app.client(`${token.slice(0, -4)}AAAA`).get(path, HERE);
    assert.deepEqual([forged.status, forged.headers['access-control-allow-origin']], [401, undefined]);
  });

  test('are counted: a key makes 300 a minute, and each customer has limits like a person', async () => {
    const { eventId, organizer } = await openSale(app, plainHall(1, 4));
    const shop = await openShop(app, organizer);
    const make = (reference: string) =>
      shop.client.post(`/events/${eventId}/buyer-sessions`, { origin: SHOP_ORIGIN, customer: { reference } });
    const answers: Json[] = [];
    for (let i = 0; i < 310; i += 31)
      answers.push(...(await Promise.all(Array.from({ length: 31 }, (_, n) => make(`${i + n}`)))));
    const statuses = answers.map(({ status }) => status);
    assert.deepEqual(
      [statuses.filter((one) => one === 201).length, statuses.filter((one) => one === 429).length],
      [300, 10],
    );
    const [one, two] = answers as [Json, Json];
    const left = async ({ body }: Json) =>
      (await app.client(body.token).get('/bookings', HERE)).headers.ratelimit;
    assert.match((await left(one))!, /r=599/);
    assert.match((await left(one))!, /r=598/);
    assert.match((await left(two))!, /r=599/);
  });
});
