import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { ERROR_CODES, STATUS } from '../../../src/platform/common/error-codes.js';
import { newId } from '../../../src/platform/common/ids.js';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import type { Answer, Client, Json } from '../../support/client.js';
import { openSale, plainHall, realHall, type Sale } from '../../support/halls.js';

/** Blank, though each has letters, symbols or marks as Unicode counts them. */
const INVISIBLE = [
  '\u200b',
  '\u2060',
  '\u3164',
  '\u2800',
  '\u115f',
  '\u00ad',
  '\u200b\u200d\ufeff',
  '\u034f',
  '\ufe0f',
  '\u{e0041}',
];

describe('bad input gets a code of its own and changes nothing', () => {
  let app: TestApp;
  let sale: Sale;
  let buyer: Client;
  let holds: string;
  beforeAll(async () => {
    app = await startApp();
    sale = await openSale(app, realHall());
    buyer = (await app.people(1))[0].client;
    holds = `/events/${sale.eventId}/holds`;
  });
  afterAll(async () => {
    await assertAuditClean(app);
    await app.close();
  });

  /** Everything a buyer can change, as one value. */
  async function fingerprint(): Promise<Json> {
    const { rows } = await app.db.query(
      `SELECT (SELECT count(*) FROM booking) AS bookings, (SELECT count(*) FROM booking_item) AS items,
         (SELECT count(*) FROM fact) AS facts, (SELECT count(*) FROM seat WHERE state <> ${SEAT.FREE}) AS taken,
         (SELECT sum(seq) FROM inventory) AS seq, (SELECT count(*) FROM idempotency_key) AS keys`,
    );
    return rows[0];
  }

  async function refused(request: () => Promise<Answer>, code: keyof typeof ERROR_CODES): Promise<Answer> {
    const before = await fingerprint();
    const answer = await request();
    assert.equal(answer.body?.code, code, JSON.stringify(answer.body));
    assert.equal(answer.status, STATUS[ERROR_CODES[code][0]]);
    assert.match(answer.headers['content-type']!, /^application\/problem\+json/);
    assert.equal(answer.body.correlationId, answer.headers['x-correlation-id']);
    assert.deepEqual(await fingerprint(), before);
    return answer;
  }

  test('malformed bodies and fields', async () => {
    await refused(() => buyer.post(holds, '{"seats": [1'), 'malformed_json');
    await refused(() => buyer.post(holds, '', { 'content-type': 'application/json' }), 'malformed_json');
    await refused(
      () => buyer.post(holds, 'seats=1', { 'content-type': 'text/csv' }),
      'unsupported_media_type',
    );
    await refused(() => buyer.post(holds, { seats: 'all' }), 'wrong_type');
    await refused(() => buyer.post(holds, { seats: ['1'] }), 'wrong_type');
    await refused(() => buyer.post(holds, [1, 2]), 'wrong_type');
    await refused(() => buyer.post(holds, { areas: [{ area: 'Stehplatz' }] }), 'missing_field');
    const { body } = await refused(() => buyer.post(holds, { seats: [1], price: 1 }), 'unknown_field');
    assert.deepEqual(body.errors[0].path, 'price');
    await refused(() => buyer.post(holds, {}), 'validation_failed');
    await refused(() => buyer.post(holds, { seats: [] }), 'validation_failed');
    await refused(() => buyer.post(holds, { seats: [1, 1] }), 'validation_failed');
    await refused(() => buyer.post(holds, { seats: [-1] }), 'validation_failed');
    await refused(
      () => buyer.post(holds, { areas: [{ area: 'Stehplatz', quantity: 0 }] }),
      'validation_failed',
    );
    await refused(
      () => buyer.post(holds, { seats: Array.from({ length: 100_000 }, (_, n) => n) }),
      'body_too_large',
    );
    await refused(() => buyer.post(holds, { seats: [1] }, { 'idempotency-key': 'é' }), 'invalid_header');
  });

  test('is told in plain words what is wrong with each field', async () => {
    const told = async (path: string) =>
      Object.fromEntries(
        (await refused(() => buyer.get(path), 'invalid_query')).body.errors.map(({ path, message }: Json) => [
          path,
          message,
        ]),
      );
    assert.deepEqual(await told('/events?limit=0&sort=best&available=maybe'), {
      limit: 'must be at least 1',
      sort: 'must be one of startsAt, -startsAt, price, -price, title, -publishedAt, relevance',
      available: 'must be one of true, false',
    });
    assert.deepEqual(await told('/events?limit=many&from=tomorrow'), {
      limit: 'must be a number',
      from: 'must be an instant with its zone such as 2027-01-31T19:00:00Z',
    });
    const { body } = await refused(
      () => buyer.post(holds, { seats: 'all', areas: [{ quantity: 1.5 }] }),
      'wrong_type',
    );
    assert.deepEqual(body.errors, [
      { path: 'seats', message: 'must be a list' },
      { path: 'areas.0.quantity', message: 'must be a whole number' },
      { path: 'areas.0.area', message: 'is missing' },
    ]);
    assert.equal(body.detail, 'seats: must be a list');
  });

  test('of two members with one name the last counts, for what is checked and what is done alike', async () => {
    const [person] = await app.people(1);
    const post = (json: string, key: string) => person!.client.post(holds, json, { 'idempotency-key': key });
    const twice = '{"seats":[901],"seats":[902]}';
    const { status, body } = await post(twice, 'twice');
    assert.deepEqual([status, body.items.map(({ seat }: Json) => seat.n)], [201, [902]]);
    assert.equal((await post('{"seats":[902]}', 'twice')).body.id, body.id, 'the same request');
    assert.equal((await post('{"seats":[901]}', 'twice')).status, 422, 'another one');
    await refused(() => buyer.post(holds, '{"seats":[903],"seats":[-1]}'), 'validation_failed');
    await refused(() => buyer.post(holds, '{"seats":[903],"se\\u0061ts":"all"}'), 'wrong_type');
    await refused(() => buyer.post(holds, '{"price":1,"seats":[903],"price":1}'), 'unknown_field');
    await refused(() => buyer.post(holds, '{"seats":[903],"__proto__":{"price":1}}'), 'malformed_json');
    await refused(
      () => buyer.post(holds, '{"seats":[903],"constructor":{"prototype":{"a":1}}}'),
      'malformed_json',
    );
  });

  test('names of which nothing can be seen', async () => {
    const { client } = sale.organizer;
    const venue = { name: 'Hall', city: 'Erfurt', country: 'DE', address: 'Street 1', capacity: 1 };
    const tier = { name: 'All', price: 1, category: 'Stalls' };
    const { venueId, planId, title, category, startsAt, endsAt, currency } = sale.event;
    const event = { venueId, planId, title, category, startsAt, endsAt, currency };
    const person = { email: 'unseen@example.org', password: 'a password of this test', name: 'Ada' };
    const fields: [path: string, body: Json, names: string[]][] = [
      ['/auth/register', person, ['name']],
      ['/venues', { ...venue, timezone: 'Europe/Berlin' }, ['name', 'city', 'address']],
      ['/events', event, ['title', 'category']],
    ];
    for (const unseen of INVISIBLE) {
      for (const [path, body, names] of fields)
        for (const name of names) {
          const asked = () => client.post(path, { ...body, [name]: unseen });
          const answer = await refused(asked, 'validation_failed');
          assert.deepEqual(
            answer.body.errors.map(({ path }: Json) => path),
            [name],
          );
        }
      await refused(
        () => client.post('/events', { ...event, priceTiers: [{ ...tier, name: unseen }] }),
        'validation_failed',
      );
      await refused(
        () =>
          client.post(`/venues/${venueId}/seating-plans`, plainHall(1, 1, [{ name: unseen, capacity: 1 }])),
        'invalid_plan',
      );
    }
    for (const name of ['می\u200cخواهم', 'क्\u200dष', '👩\u200d👩\u200d👧', 'a\u00adb', '́e', '·']) {
      const answer = await client.post('/venues', { ...venue, name, timezone: 'Europe/Berlin' });
      assert.deepEqual([answer.status, answer.body.name], [201, name]);
    }
  });

  test('the shop says in both languages what the rules for texts say in English', async () => {
    const messages = new Set<string>();
    const empty = { email: 'a', password: 'a password of this test', name: '' };
    const bodies = [
      empty,
      { ...empty, name: '\u3164' },
      { ...empty, name: 'a\nb' },
      { ...empty, name: 'a\u0007' },
    ];
    for (const body of [...bodies, { ...empty, name: '\ud800' }, { ...empty, name: 'a\0' }])
      for (const { path, message } of (await buyer.post('/auth/register', body)).body.errors)
        if (path !== 'password') messages.add(message);
    const { fieldFaultOf }: Json = await import(pathToFileURL(resolve('web/src/ui/field-faults.ts')).href);
    assert.equal(messages.size, 6, [...messages].join());
    for (const message of messages) assert.ok(fieldFaultOf(message), message);
  });

  test('seats, areas and events that do not fit', async () => {
    const small = await openSale(app, plainHall(1, 10));
    await refused(() => buyer.post(`/events/${small.eventId}/holds`, { seats: [11] }), 'unknown_seats');
    await refused(
      () => buyer.post(`/events/${small.eventId}/holds`, { areas: [{ area: 'Stehplatz', quantity: 1 }] }),
      'unknown_area',
    );
    await refused(
      () => buyer.post(holds, { best: { quantity: 1, categories: ['Loge'] } }),
      'unknown_category',
    );
    await refused(
      () => buyer.post(holds, { seats: Array.from({ length: 11 }, (_, n) => n) }),
      'too_many_seats',
    );
    await refused(
      () => buyer.post(holds, { areas: [{ area: 'Stehplatz', quantity: 11 }] }),
      'too_many_seats',
    );
    await refused(() => buyer.post(`/events/${newId()}/holds`, { seats: [1] }), 'not_found');
    await refused(() => buyer.post('/events/nonsense/holds', { seats: [1] }), 'invalid_parameter');
    await refused(() => buyer.get(`/bookings/${newId()}`), 'not_found');
    await refused(() => buyer.get('/bookings?cursor=nonsense'), 'invalid_cursor');
    await refused(() => buyer.get('/events?limit=1000'), 'invalid_query');
    await refused(() => buyer.get('/nowhere'), 'route_not_found');
  });

  test('events that are not on sale', async () => {
    const { client } = sale.organizer;
    const { venueId, planId } = sale.event;
    const startsAt = new Date(Date.now() + 86_400_000).toISOString();
    const endsAt = new Date(Date.now() + 90_000_000).toISOString();
    const draft = await client.post('/events', {
      venueId,
      planId,
      title: 'Draft',
      category: 'sport',
      startsAt,
      endsAt,
      currency: 'EUR',
    });
    await refused(() => buyer.post(`/events/${draft.body.id}/holds`, { seats: [1] }), 'event_not_on_sale');
    const closed = await openSale(app, plainHall(1, 10), {
      saleStartsAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    await refused(() => buyer.post(`/events/${closed.eventId}/holds`, { seats: [1] }), 'sale_closed');
    const cancelled = await openSale(app, plainHall(1, 10));
    await cancelled.organizer.client.post(`/events/${cancelled.eventId}/cancel`);
    await refused(() => buyer.post(`/events/${cancelled.eventId}/holds`, { seats: [1] }), 'event_cancelled');
    const over = await openSale(app, plainHall(1, 10));
    await app.db.query(
      `UPDATE event SET starts_at = now() - interval '2 days', ends_at = now() - interval '1 day' WHERE id = $1`,
      [over.eventId],
    );
    await refused(() => buyer.post(`/events/${over.eventId}/holds`, { seats: [1] }), 'event_ended');
    const unpriced = await openSale(app, plainHall(25, 4), {
      priceTiers: [{ name: 'Front', price: 100, category: 'C0' }],
    });
    await refused(() => buyer.post(`/events/${unpriced.eventId}/holds`, { seats: [99] }), 'seat_not_priced');
  });

  test('limits of a buyer, counted over bookings and given back when a hold ends', async () => {
    const limited = await openSale(app, plainHall(1, 10), { maxSeatsPerBuyer: 3 });
    const path = `/events/${limited.eventId}/holds`;
    const first = await buyer.post(path, { seats: [0, 1] });
    assert.equal(first.status, 201);
    await refused(() => buyer.post(path, { seats: [2, 3] }), 'buyer_limit_reached');
    assert.equal((await buyer.delete(`/bookings/${first.body.id}`)).status, 204);
    assert.equal((await buyer.post(path, { seats: [2, 3, 4] })).status, 201);
    await refused(() => buyer.post(path, { best: { quantity: 1 } }), 'buyer_limit_reached');
  });

  test('tokens that are missing, expired, forged or revoked', async () => {
    const [someone] = await app.people(1);
    const { token, client } = someone!;
    const [header, payload, signature] = token.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const encode = (value: Json) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const sign = (changes: Json, secret: string) => {
      const text = `${header}.${encode({ ...claims, ...changes })}`;
      return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
    };
    const hold = (given?: string) => () => app.client(given).post(holds, { seats: [1] });
    await refused(hold(), 'unauthenticated');
    await refused(hold(sign({ exp: claims.iat - 1 }, app.config.auth.jwtSecret)), 'token_expired');
    await refused(hold(sign({}, 'another secret of another service!')), 'token_invalid');
    await refused(hold(`${header}.${encode({ ...claims, role: 'admin' })}.${signature}`), 'token_invalid');
    await refused(hold(`${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`), 'token_invalid');
    await refused(hold('x.y.z'), 'token_invalid');
    assert.equal((await client.post('/auth/logout')).status, 204);
    await refused(hold(token), 'token_revoked');
  });
});
