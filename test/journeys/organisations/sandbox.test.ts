import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { io } from 'socket.io-client';
import { ApiKeysService } from '../../../src/auth/keys/api-keys.service.js';
import { newId } from '../../../src/platform/common/ids.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Client, Json } from '../../support/client.js';
import { Endpoint } from '../../support/endpoint.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { giveRights } from '../../support/members.js';
import { figureOf, scrape } from '../../support/metrics.js';
import { card } from '../../support/money.js';
import { testWith } from '../../support/needing.js';
import type { Person } from '../../support/people.js';
import { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, StripeStandIn } from '../../support/stripe-stand-in.js';
import { tool } from '../../support/tools.js';
import { until } from '../../support/until.js';

const STRANGERS = 20;
const MEMBERS = 20;

/** With Stripe, so that a payment that went the wrong way would be seen there. */
describe('sandbox events', () => {
  let app: TestApp;
  let stripe: StripeStandIn;
  let endpoint: Endpoint;
  let sale: Sale;
  let real: string;
  let owner: Client;
  let keys: string;
  let stranger: Person;
  let seat = 0;

  beforeAll(async () => {
    stripe = await StripeStandIn.start();
    endpoint = await Endpoint.start();
    app = await startApp({
      payments: {
        stripe: {
          secretKey: STRIPE_SECRET_KEY,
          webhookSecret: STRIPE_WEBHOOK_SECRET,
          apiBase: stripe.url,
          publishableKey: 'pk_test_standin',
        },
        timeoutMs: 3_000,
      },
      webhooks: { allowPrivate: true, timeoutMs: 1_000 },
    });
    sale = await openSale(app, plainHall(10, 20), { title: 'Trial run', sandbox: true, category: 'Trials' });
    owner = sale.organizer.client;
    keys = `/organisations/${sale.organizer.id}/keys`;
    [stranger] = await app.people(1);
    const copy = await owner.post(
      '/events',
      await copyOf(sale.event, { title: 'For money', category: 'Sport' }),
    );
    assert.equal(copy.status, 201, JSON.stringify(copy.body));
    real = copy.body.id;
    assert.equal((await owner.post(`/events/${real}/publish`)).status, 200);
  });
  afterAll(async () => {
    await assertAuditClean(app);
    await app.close();
    await stripe.stop();
    endpoint.close();
  });

  const copyOf = async (event: Json, change: Json): Promise<Json> => {
    const { venueId, planId, title, category, startsAt, endsAt, currency, priceTiers } = event;
    const tiers = priceTiers.map(({ name, price, category: of }: Json) => ({ name, price, category: of }));
    return { venueId, planId, title, category, startsAt, endsAt, currency, priceTiers: tiers, ...change };
  };
  const keyOf = async (body: Json): Promise<Client> => {
    const made = await owner.post(keys, { name: 'Machine', ...body });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return app.client(made.body.key);
  };
  const bought = async (buyer: Client, payment: Json = card()): Promise<Json> => {
    const held = await buyer.post(`/events/${sale.eventId}/holds`, { seats: [seat++] });
    assert.equal(held.status, 201, JSON.stringify(held.body));
    return buyer.post(`/bookings/${held.body.id}/checkout`, payment);
  };
  const mailsTo = async (email: string): Promise<Json[]> =>
    (await app.client().get(`//dev/mail.json?to=${encodeURIComponent(email)}`)).body;

  test('are seen by members alone, in every way there is', async () => {
    const at = `/events/${sale.eventId}`;
    const ways = [at, `${at}/price-tiers`, `${at}/seat-map`, `${at}/seats`, `${at}/seats/changes?since=0`];
    const other = await openSale(app, plainHall(1, 1));
    const outside = [app.client(), stranger.client, other.organizer.client];
    // Members first, so that nothing that was read for them is given to others.
    for (const who of [owner, ...outside, owner])
      for (const path of ways) {
        const { status, body } = await who.get(path);
        assert.deepEqual(
          [path, status],
          [path, who === owner ? 200 : 404],
          JSON.stringify(body).slice(0, 200),
        );
      }
    assert.match((await owner.get(`${at}/seat-map`)).headers['cache-control']!, /private/);
    assert.equal((await owner.get(at)).body.sandbox, true);
    for (const who of outside.slice(1)) {
      const held = await who.post(`${at}/holds`, { seats: [199] });
      assert.deepEqual([held.status, held.body.code], [404, 'not_found']);
      const joined = await who.post(`${at}/waitlist`, { quantity: 1 });
      assert.equal(joined.status, 404, JSON.stringify(joined.body));
    }
    for (const path of ['/events', '/events?q=Trial', '/events/upcoming', '/events/popular'])
      for (const who of [...outside, owner]) {
        const { data } = (await who.get(path)).body;
        assert.ok(!data.some(({ id }: Json) => id === sale.eventId), path);
      }
    assert.ok((await app.client().get('/events?q=money')).body.data.some(({ id }: Json) => id === real));
    const { data: categories } = (await app.client().get('/events/categories')).body;
    assert.ok(!categories.some(({ category }: Json) => category === 'Trials'));
    const mine = (await owner.get('/events?mine=true')).body.data;
    assert.deepEqual(
      mine.map(({ id, sandbox }: Json) => [id, sandbox]).toSorted(),
      [
        [sale.eventId, true],
        [real, false],
      ].toSorted(),
    );
    const page = await app.client().get(`//events/${sale.eventId}`);
    assert.equal(page.status, 404);
    assert.ok(!page.body.includes('Trial run'));
    assert.ok(!(await app.client().get('//')).body.includes('Trial run'));
  });

  test('are watched by members alone', async () => {
    const watch = async (token?: string): Promise<Json> => {
      const socket = io(`${app.url}/live`, { transports: ['websocket'], auth: { token }, forceNew: true });
      try {
        return await socket.timeout(10_000).emitWithAck('watch', { eventId: sale.eventId });
      } finally {
        socket.close();
      }
    };
    assert.equal((await watch(sale.organizer.token)).ok, true);
    for (const token of [undefined, stranger.token])
      assert.equal((await watch(token)).error.code, 'not_found');
  });

  test('take their payments to the sandbox, whatever takes the others', async () => {
    const method = async (query: string) => (await app.client().get(`/payments/method${query}`)).body;
    assert.equal((await method('')).provider, 'stripe');
    assert.deepEqual(await method('?sandbox=true'), {
      provider: 'sandbox',
      method: 'card',
      publishableKey: null,
    });
    const refused = await bought(owner, { payment: { method: 'token', token: 'pm_card_visa' } });
    assert.equal(refused.body.code, 'payment_method_unsupported');
    const { status, body } = await bought(owner);
    assert.deepEqual([status, body.status], [200, 'confirmed'], JSON.stringify(body));
    assert.equal((await owner.post(`/bookings/${body.id}/cancel`, {})).body.status, 'cancelled');
    assert.equal(stripe.ledger.intents.size, 0, 'Stripe has heard of nothing');
    const { rows } = await app.db.query('SELECT DISTINCT provider FROM payment WHERE event_id = $1', [
      sale.eventId,
    ]);
    assert.deepEqual(rows, [{ provider: 'sandbox' }]);

    // As a replica of the release before, which asks its only provider.
    const held = (await owner.post(`/events/${sale.eventId}/holds`, { seats: [seat++] })).body;
    const before = app.db.query(
      `SELECT checkout_begin_v1($1, $2, 30, '{"free":false,"substitutes":false}', $3, $4, $5, 'stripe', 'token', 900,
                                NULL, NULL, NULL, 0, NULL)`,
      [newId(), newId(), sale.eventId, held.id, sale.organizer.id],
    );
    await assert.rejects(before, /payments of a sandbox event go to the sandbox/);
    assert.equal((await owner.get(`/bookings/${held.id}`)).body.status, 'held', 'and it can still be paid');
    await owner.delete(`/bookings/${held.id}`);
  });

  testWith('pdftotext')(
    'say so on tickets, in mails and calendars, at the gate and in webhooks',
    async () => {
      const hook = await owner.post('/webhooks', { url: endpoint.url('/trial'), facts: ['booking.*'] });
      assert.equal(hook.status, 201, JSON.stringify(hook.body));
      const { body: booking } = await bought(owner);
      const folder = mkdtempSync(join(tmpdir(), 'evently-trial-'));
      const file = join(folder, 'tickets.pdf');
      writeFileSync(file, Buffer.from(await pdfOf(booking.id)));
      const text = execFileSync(tool('pdftotext'), ['-raw', file, '-']).toString();
      rmSync(folder, { recursive: true });
      assert.equal(text.split('TEST: this ticket lets nobody in').length, 3, text);
      assert.ok(text.includes('TEST: Trial run'));
      assert.match((await owner.get(`/bookings/${booking.id}/tickets.ics`)).body, /SUMMARY:TEST: Trial run/);
      await until(async () =>
        (await mailsTo(sale.organizer.email)).some((one) => one.text.includes(booking.code)),
      );
      const mail = (await mailsTo(sale.organizer.email)).find((one) => one.text.includes(booking.code));
      assert.ok(mail.subject.includes('TEST: Trial run'), mail.subject);
      assert.ok(mail.text.includes('This is a test'));
      const [ticket] = (await owner.get(`/bookings/${booking.id}/tickets`)).body.data;
      const scan = await owner.post(`/events/${sale.eventId}/check-in`, {
        token: ticket.token,
        gate: 'North',
      });
      assert.deepEqual([scan.status, scan.body.sandbox], [200, true]);
      const again = await owner.post(`/events/${sale.eventId}/check-in`, {
        token: ticket.token,
        gate: 'North',
      });
      assert.deepEqual([again.status, again.body.ticket.sandbox], [409, true]);
      await until(() => endpoint.at('/trial').length > 0);
      assert.equal(JSON.parse(endpoint.at('/trial')[0]!.body).sandbox, true);
    },
  );

  test('are no sales: analytics of the organisation leave them out', async () => {
    const money = await keyOf({ permissions: ['money'], test: true });
    await until(async () =>
      JSON.stringify((await money.get('/analytics/popular')).body).includes(sale.eventId),
    );
    for (const path of ['/analytics/summary', '/analytics/popular', '/analytics/cancellations'])
      assert.ok(!JSON.stringify((await owner.get(path)).body).includes(sale.eventId), path);
    const [mine, its] = [await owner.get('/analytics/popular'), await money.get('/analytics/popular')];
    assert.deepEqual([mine.status, its.status], [200, 200]);
    assert.notDeepEqual(
      (await owner.get('/analytics/summary')).body,
      (await money.get('/analytics/summary')).body,
    );
  });

  test('open for test keys, which open nothing else', async () => {
    const every = ['events', 'prices', 'people', 'refunds', 'money', 'box-office', 'door', 'settings'];
    const made = (await owner.post(keys, { name: 'Trial', permissions: every, test: true })).body;
    assert.match(made.key, /^evk_test_[\w-]{43}$/);
    assert.equal(made.test, true);
    const trial = app.client(made.key);
    const live = await keyOf({ permissions: every });
    const { body: booking } = await bought(owner);
    const V = { 'if-match': '"v1"' };
    const calls = (eventId: string, bookingId?: string): [string, string, Json?][] => [
      ['GET', `/events/${eventId}/check-in`],
      ['POST', `/events/${eventId}/check-in`, { code: 'AAAA-AAAA', gate: 'North' }],
      ['POST', `/events/${eventId}/pause`, {}],
      ['POST', `/events/${eventId}/resume`, {}],
      ['GET', `/analytics/events/${eventId}`],
      ['GET', `/events/${eventId}/waitlist`],
      ['POST', `/events/${eventId}/cancel`, { reason: 'x' }],
      ['PUT', `/events/${eventId}/price-tiers`, { priceTiers: [] }],
      ...(bookingId
        ? ([
            ['GET', `/bookings/${bookingId}`],
            ['POST', `/bookings/${bookingId}/cancel`, {}],
          ] as [string, string, Json?][])
        : []),
    ];
    const codes = async (key: Client, asked: [string, string, Json?][]) => {
      const found: string[] = [];
      for (const [method, path, body] of asked)
        found.push((await key.send(method, path, body, V)).body?.code);
      return found;
    };
    const other = (count: number) => Array.from({ length: count }, () => 'key_of_other_kind');
    assert.deepEqual(await codes(trial, calls(real)), other(8));
    assert.deepEqual(await codes(live, calls(sale.eventId, booking.id)), other(10));
    assert.equal((await trial.get(`/events/${sale.eventId}/check-in`)).status, 200);
    assert.equal((await trial.get(`/bookings/${booking.id}`)).body.id, booking.id);
    assert.equal((await live.get(`/events/${real}/check-in`)).status, 200);
    assert.equal((await trial.get(`/events/${sale.eventId}`)).body.id, sale.eventId);
    assert.equal((await live.get(`/events/${sale.eventId}`)).body.code, 'key_of_other_kind');
    assert.equal((await trial.get(`/events/${sale.eventId}/seats`)).status, 200);

    // A test key opens nothing of the organisation as a whole, but makes sandbox events.
    const { name, city, country, address, timezone, capacity } = (await owner.get(`/venues/${sale.venueId}`))
      .body;
    for (const [path, body] of [
      ['/venues', { name, city, country, address, timezone, capacity }],
      ['/webhooks', { url: endpoint.url('/x'), facts: ['booking.*'] }],
      ['/events', await copyOf(sale.event, { sandbox: false })],
    ] as const)
      assert.equal((await trial.post(path, body)).body.code, 'key_of_other_kind', path);
    const draft = await trial.post(
      '/events',
      await copyOf(sale.event, { sandbox: true, title: 'By a machine' }),
    );
    assert.deepEqual([draft.status, draft.body.sandbox], [201, true], JSON.stringify(draft.body));
    assert.equal(
      (await live.post('/events', await copyOf(sale.event, { sandbox: true }))).body.code,
      'key_of_other_kind',
    );
    const listed = async (key: Client) =>
      (await key.get('/events?mine=true')).body.data.map(({ id }: Json) => id).toSorted();
    assert.deepEqual(await listed(trial), [sale.eventId, draft.body.id].toSorted());
    assert.deepEqual(await listed(live), [real]);

    // Events that a key is for are of its kind.
    for (const [test, eventId] of [
      [true, real],
      [false, sale.eventId],
    ] as const) {
      const refused = await owner.post(keys, { name: 'x', permissions: ['door'], events: [eventId], test });
      assert.equal(refused.body.code, 'unknown_events');
    }
    const rotated = await owner.post(`${keys}/${made.id}/rotate`, { overlapHours: 0 });
    assert.match(rotated.body.key, /^evk_test_/);
    assert.equal((await trial.get(`/events/${sale.eventId}/check-in`)).body.code, 'key_ended');
    const leaked = await app.client().get(`/events?q=${rotated.body.key}`);
    assert.equal(leaked.body.code, 'key_in_url');
  });

  test('are sold by a shop that tries it out with a test key, to its own customers', async () => {
    const wanted = { origin: 'https://shop.example.org', customer: { reference: 'C-1' }, minutes: 5 };
    const path = `/events/${sale.eventId}/buyer-sessions`;
    const live = await keyOf({ permissions: ['sell'] });
    assert.equal((await live.post(path, wanted)).body.code, 'key_of_other_kind');
    const trial = await keyOf({ permissions: ['sell'], test: true });
    assert.equal((await trial.post(`/events/${real}/buyer-sessions`, wanted)).body.code, 'key_of_other_kind');
    const session = await trial.post(path, wanted);
    assert.equal(session.status, 201, JSON.stringify(session.body));
    const customer = app.client(session.body.token);
    assert.equal((await customer.get(`/events/${sale.eventId}`)).body.sandbox, true);
    assert.equal((await customer.get(`/events/${sale.eventId}/seats`)).status, 200);
    const paid = await bought(customer);
    assert.deepEqual([paid.status, paid.body.status], [200, 'confirmed'], JSON.stringify(paid.body));
  });

  test('are counted by key, and requests by the kind of who asks', async () => {
    const made = (await owner.post(keys, { name: 'Counted', permissions: ['door'], test: true })).body;
    const before = await scrape(app);
    for (let n = 0; n < 7; n++) await app.client(made.key).get(`/events/${sale.eventId}/check-in`);
    await app.client(made.key).get('/auth/me');
    const after = await scrape(app);
    const asked = (series: typeof after, status: string) =>
      figureOf(series, 'evently_http_callers_total', { caller: 'test_key', status }) ?? 0;
    assert.deepEqual(
      [asked(after, '2xx') - asked(before, '2xx'), asked(after, '4xx') - asked(before, '4xx')],
      [7, 1],
    );
    const labels = new Set(
      after
        .filter(({ name }) => name === 'evently_http_callers_total')
        .map(({ series }) => /caller="(\w+)"/.exec(series)?.[1]),
    );
    assert.deepEqual([...labels].toSorted(), ['key', 'nobody', 'person', 'test_key']);
    const one = async () => (await owner.get(keys)).body.data.find(({ id }: Json) => id === made.id);
    assert.equal((await one()).requests, 0, 'nothing is written while requests come');
    await app.nest.get(ApiKeysService).noteUses();
    await app.nest.get(ApiKeysService).noteUses();
    const { requests, lastUsedAt, createdByName, createdByMember } = await one();
    assert.equal(requests, 8);
    assert.ok(lastUsedAt);
    assert.match(createdByName, /^Person /);
    assert.equal(createdByMember, true);
  });

  test('a key goes on when its maker leaves, and the list says so', async () => {
    const [ada] = await app.people(1);
    await giveRights(app, sale.organizer.id, ada, { permissions: ['settings', 'door'] });
    const made = (await ada.client.post(keys, { name: 'Of Ada', permissions: ['door'], test: true })).body;
    assert.equal((await owner.delete(`/organisations/${sale.organizer.id}/members/${ada.id}`)).status, 204);
    assert.equal((await app.client(made.key).get(`/events/${sale.eventId}/check-in`)).status, 200);
    const listed = (await owner.get(keys)).body.data.find(({ id }: Json) => id === made.id);
    assert.deepEqual([listed.createdBy, listed.createdByMember], [ada.id, false]);
    assert.equal((await owner.delete(`${keys}/${made.id}`)).status, 204);
    assert.equal((await app.client(made.key).get(`/events/${sale.eventId}/check-in`)).body.code, 'key_ended');
  });

  test('stay what they are', async () => {
    const { body: event } = await owner.get(`/events/${sale.eventId}`);
    const edited = await owner.patch(
      `/events/${sale.eventId}`,
      { sandbox: false },
      { 'if-match': `"v${event.version}"` },
    );
    assert.deepEqual([edited.status, edited.body.code], [400, 'unknown_field']);
    for (const value of ['yes', 1, null]) {
      const made = await owner.post('/events', await copyOf(sale.event, { sandbox: value }));
      assert.equal(made.status, 400, JSON.stringify(made.body));
    }
    assert.equal((await app.client().get('/payments/method?sandbox=maybe')).status, 400);
    const update = app.db.query('UPDATE event SET sandbox = false WHERE id = $1', [sale.eventId]);
    await assert.rejects(update, /never changes/);
  });

  test(`in a rush of ${MEMBERS} members and ${STRANGERS} strangers for one seat a member has it`, async () => {
    const members = (await app.people(MEMBERS)) as Person[];
    const strangers = (await app.people(STRANGERS)) as Person[];
    for (const member of members) await giveRights(app, sale.organizer.id, member, { permissions: ['door'] });
    const wanted = seat++;
    const hold = ({ client }: Person) => client.post(`/events/${sale.eventId}/holds`, { seats: [wanted] });
    const all = members.flatMap((member, n) => [member, strangers[n]!]);
    const answers = await Promise.all(all.map(async (who) => [who, (await hold(who)).status] as const));
    const of = (people: readonly Person[]) =>
      answers.filter(([who]) => people.includes(who)).map(([, status]) => status);
    assert.deepEqual(new Set(of(strangers)), new Set([404]));
    assert.equal(of(members).filter((status) => status === 201).length, 1);
    assert.equal(of(members).filter((status) => status === 409).length, MEMBERS - 1);
    const { rows } = await app.db.query(
      `SELECT b.user_id AS "userId" FROM booking_item i JOIN booking b ON b.event_id = i.event_id AND b.id = i.booking_id
        WHERE i.event_id = $1 AND i.n = $2 AND i.status = 'held'`,
      [sale.eventId, wanted],
    );
    assert.equal(rows.length, 1);
    assert.ok(members.some(({ id }) => id === rows[0].userId));
  });

  const pdfOf = async (bookingId: string): Promise<ArrayBuffer> => {
    const path = `${app.url}/api/v1/bookings/${bookingId}/tickets.pdf`;
    const answer = await fetch(path, { headers: { authorization: `Bearer ${sale.organizer.token}` } });
    return answer.arrayBuffer();
  };
});
