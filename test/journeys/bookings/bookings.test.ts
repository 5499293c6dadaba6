import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { InventoryService } from '../../../src/inventory/changes/inventory.service.js';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { countStatuses } from '../../support/load.js';
import { card } from '../../support/money.js';
import type { Person } from '../../support/people.js';
import { assertReplayed } from '../../support/replayed.js';
import { until } from '../../support/until.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7/;
const FLOOR = { block: 'Floor', row: null, seat: null, text: 'Floor' };
const NOBODYS = '019ab0c0-0000-7000-8000-00000000dead';

describe('bookings', () => {
  let app: TestApp;
  let sale: Sale;
  let buyer: Person;
  let stranger: Person;
  let path: string;
  let seat = 0;
  /** Seats that no other test has touched. */
  const seats = (count: number) => Array.from({ length: count }, () => seat++);
  const hold = async (person = buyer, body: object = { seats: seats(1) }) => {
    const { status, body: held } = await person.client.post(path, body);
    assert.equal(status, 201, JSON.stringify(held));
    return held;
  };
  /** Lets the hold's time pass without waiting for it. */
  const lapse = (id: string) =>
    app.db.query(
      `WITH b AS (UPDATE booking SET expires_at = now() - interval '1 s', held_until = now() - interval '1 s'
                  WHERE id = $1 AND status IN ('held', 'paying') RETURNING event_id, id)
       UPDATE seat s SET hold_until = now() - interval '1 s' FROM b WHERE s.event_id = b.event_id AND s.booking_id = b.id`,
      [id],
    );

  beforeAll(async () => {
    app = await startApp({ inventory: { sweeper: false } });
    sale = await openSale(app, plainHall(20, 20, [{ name: 'Floor', capacity: 50 }]));
    path = `/events/${sale.eventId}/holds`;
    [buyer, stranger] = await app.people(2);
  });
  afterAll(async () => {
    await assertAuditClean(app);
    await app.close();
  });

  test('holds seats and places, and answers in the published shape', async () => {
    const { status, body, headers } = await buyer.client.post(path, {
      seats: [21, 20],
      areas: [{ area: 'Floor', quantity: 2 }],
    });
    seat = 22;
    assert.equal(status, 201);
    assert.equal(headers.location, `/api/v1/bookings/${body.id}`);
    assert.match(body.id, UUID);
    assert.match(body.code, /^[2-9B-Z]{4}-[2-9B-Z]{4}$/);
    const { id, code, expiresAt, items, ...rest } = body;
    assert.deepEqual(rest, { status: 'held', eventId: sale.eventId, currency: 'EUR', total: 6000 });
    assert.ok(Math.abs(Date.parse(expiresAt) - Date.now() - 600_000) < 5_000, expiresAt);
    assert.deepEqual(
      items.map(({ id: itemId, ...item }: { id: string }) => UUID.test(itemId) && item),
      [
        {
          status: 'held',
          seat: { n: 20, label: 'B0-2-1' },
          area: null,
          place: { block: 'B0', row: '2', seat: '1', text: 'B0, row 2, seat 1' },
          price: 2000,
        },
        {
          status: 'held',
          seat: { n: 21, label: 'B0-2-2' },
          area: null,
          place: { block: 'B0', row: '2', seat: '2', text: 'B0, row 2, seat 2' },
          price: 2000,
        },
        { status: 'held', seat: null, area: 'Floor', place: FLOOR, price: 1000 },
        { status: 'held', seat: null, area: 'Floor', place: FLOOR, price: 1000 },
      ],
    );
    const read = await buyer.client.get(`/bookings/${id}`);
    const { createdAt, endReason, ...same } = read.body;
    assert.deepEqual([same, endReason], [body, null]);
    assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < 5_000);
    assert.equal(code, read.body.code);
  });

  test('repeats the answer of an idempotency key, and refuses another body', async () => {
    const key = { 'idempotency-key': 'first-try' };
    const body = { seats: seats(2) };
    const answers = await Promise.all(Array.from({ length: 20 }, () => buyer.client.post(path, body, key)));
    assert.deepEqual(countStatuses(answers), { 201: 20 });
    assert.equal(new Set(answers.map((a) => JSON.stringify(a.body))).size, 1);
    assert.equal(answers.filter((a) => a.headers['idempotency-replayed'] === 'true').length, 19);
    const other = await buyer.client.post(path, { seats: seats(1) }, key);
    assert.deepEqual([other.status, other.body.code], [422, 'idempotency_key_reused']);
    const own = await stranger.client.post(path, { seats: seats(1) }, key);
    assert.equal(own.status, 201, 'keys of different people have nothing to do with each other');
    const long = await buyer.client.post(path, body, { 'idempotency-key': 'x'.repeat(201) });
    assert.deepEqual([long.status, long.body.code], [400, 'invalid_header']);
  });

  test('refuses what cannot be held, each with its own code, and changes nothing', async () => {
    const [free] = seats(1);
    const draft = await sale.organizer.client.post('/events', {
      venueId: sale.venueId,
      planId: sale.event.planId,
      title: 'Draft',
      category: 'sport',
      startsAt: sale.event.startsAt,
      endsAt: sale.event.endsAt,
      currency: 'EUR',
    });
    const before = await app.db.query('SELECT count(*) FROM booking');
    const cases: [string, unknown, number, string][] = [
      [path, { seats: [20] }, 409, 'seats_taken'],
      [path, { seats: [400] }, 422, 'unknown_seats'],
      [path, { seats: [free, free] }, 422, 'validation_failed'],
      [path, { seats: ['1'] }, 400, 'wrong_type'],
      [path, { seats: [free], note: 'x' }, 400, 'unknown_field'],
      [path, {}, 422, 'validation_failed'],
      [path, '{"seats": [', 400, 'malformed_json'],
      [path, { seats: Array.from({ length: 11 }, (_, i) => 100 + i) }, 422, 'too_many_seats'],
      [path, { areas: [{ area: 'Roof', quantity: 1 }] }, 422, 'unknown_area'],
      [path, { areas: [{ area: 'Floor', quantity: 51 }] }, 422, 'too_many_seats'],
      [path, { best: { quantity: 2, categories: ['Gold'] } }, 422, 'unknown_category'],
      [`/events/${NOBODYS}/holds`, { seats: [1] }, 404, 'not_found'],
      ['/events/17/holds', { seats: [1] }, 400, 'invalid_parameter'],
      [`/events/${draft.body.id}/holds`, { seats: [1] }, 409, 'event_not_on_sale'],
    ];
    for (const [route, body, status, code] of cases) {
      const answer = await buyer.client.post(route, body);
      assert.deepEqual([answer.status, answer.body.code], [status, code], JSON.stringify(body));
    }
    const taken = await buyer.client.post(path, { seats: [20, free] });
    assert.deepEqual(taken.body.conflicts, [20]);
    const anonymous = await app.client().post(path, { seats: [free] });
    assert.deepEqual([anonymous.status, anonymous.body.code], [401, 'unauthenticated']);
    assert.deepEqual((await app.db.query('SELECT count(*) FROM booking')).rows, before.rows);
  });

  test('drops a request whose client hung up before its batch', async () => {
    const { eventId } = await openSale(app, plainHall(1, 10));
    await buyer.client.post(`/events/${eventId}/holds`, { seats: [9] });
    const blocker = await app.db.connect();
    await blocker.query('BEGIN');
    await blocker.query('SELECT FROM inventory WHERE event_id = $1 FOR UPDATE', [eventId]);
    const first = buyer.client.post(`/events/${eventId}/holds`, { seats: [0] });
    await sleep(100);
    const body = JSON.stringify({ seats: [1] });
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    socket.write(
      `POST /api/v1/events/${eventId}/holds HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${stranger.token}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await sleep(200);
    socket.destroy();
    await sleep(100);
    await blocker.query('COMMIT');
    blocker.release();
    assert.equal((await first).status, 201);
    const later = await buyer.client.post(`/events/${eventId}/holds`, { seats: [1] });
    assert.equal(later.status, 201, 'the seat was not taken for nobody');
  });

  test('shows a booking to its buyer, the organizer and admins only', async () => {
    const { id } = await hold();
    const [rival] = await app.people(1, 'organizer');
    const [admin] = await app.people(1, 'admin');
    for (const { client } of [buyer, sale.organizer, admin]) {
      assert.equal((await client.get(`/bookings/${id}`)).status, 200);
      assert.equal((await client.get(`/bookings/${id}/history`)).status, 200);
    }
    for (const { client } of [stranger, rival]) {
      const answers = [
        await client.get(`/bookings/${id}`),
        await client.get(`/bookings/${id}/history`),
        await client.post(`/bookings/${id}/extend`),
        await client.delete(`/bookings/${id}`),
      ];
      assert.deepEqual(countStatuses(answers), { 404: 4 });
    }
    const list = await stranger.client.get('/bookings');
    assert.ok(!list.body.data.some((b: { id: string }) => b.id === id));
    assert.equal((await buyer.client.get(`/bookings/${NOBODYS}`)).status, 404);
  });

  test('extends a hold once', async () => {
    const { id, expiresAt } = await hold();
    const longer = await buyer.client.post(`/bookings/${id}/extend`);
    assert.equal(longer.status, 200);
    assert.equal(Date.parse(longer.body.expiresAt) - Date.parse(expiresAt), 600_000);
    const again = await buyer.client.post(`/bookings/${id}/extend`);
    assert.deepEqual([again.status, again.body.code], [409, 'already_extended']);
  });

  test('extends a hold until the sale ends at most, and not at all when that is past', async () => {
    const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
    const { eventId } = await openSale(app, plainHall(1, 4), { saleEndsAt: inSeconds(900) });
    const [near, far] = await Promise.all(
      [0, 1].map(async (n) => (await buyer.client.post(`/events/${eventId}/holds`, { seats: [n] })).body),
    );
    const longer = await buyer.client.post(`/bookings/${near.id}/extend`);
    const { rows } = await app.db.query('SELECT sale_ends_at FROM event WHERE id = $1', [eventId]);
    assert.deepEqual([longer.status, longer.body.expiresAt], [200, rows[0].sale_ends_at.toISOString()]);
    const seat = await app.db.query('SELECT hold_until FROM seat WHERE event_id = $1 AND n = 0', [eventId]);
    assert.deepEqual(seat.rows[0].hold_until, rows[0].sale_ends_at);
    await app.db.query('UPDATE event SET sale_ends_at = $2 WHERE id = $1', [eventId, inSeconds(60)]);
    const late = await buyer.client.post(`/bookings/${far.id}/extend`);
    assert.deepEqual([late.status, late.body.code], [409, 'sale_closed']);
    assert.equal((await buyer.client.get(`/bookings/${far.id}`)).body.expiresAt, far.expiresAt);
  });

  test('releases a hold: its seats are free for the next buyer', async () => {
    const mine = seats(2);
    const { id } = await hold(buyer, { seats: mine, areas: [{ area: 'Floor', quantity: 3 }] });
    assert.equal((await buyer.client.delete(`/bookings/${id}`)).status, 204);
    const read = await buyer.client.get(`/bookings/${id}`);
    assert.equal(read.body.status, 'released');
    assert.equal(read.body.expiresAt, null);
    assert.deepEqual(
      new Set(read.body.items.map((i: { status: string }) => i.status)),
      new Set(['released']),
    );
    assert.equal((await stranger.client.post(path, { seats: mine })).status, 201);
    const twice = await buyer.client.delete(`/bookings/${id}`);
    assert.deepEqual([twice.status, twice.body.code], [409, 'not_held']);
  });

  test('shows an overdue hold as expired with every worker dead, and gives its seats to the next buyer', async () => {
    const mine = seats(2);
    const { id } = await hold(buyer, { seats: mine });
    await lapse(id);
    const row = await app.db.query('SELECT status FROM booking WHERE id = $1', [id]);
    assert.equal(row.rows[0].status, 'held');
    const read = await buyer.client.get(`/bookings/${id}`);
    assert.equal(read.body.status, 'expired');
    assert.deepEqual(read.body.items[0].status, 'expired');
    const listed = await buyer.client.get('/bookings?status=expired');
    assert.deepEqual(
      listed.body.data.map((b: { id: string }) => b.id),
      [id],
    );
    const late = await buyer.client.post(`/bookings/${id}/extend`);
    assert.deepEqual([late.status, late.body.code], [409, 'hold_expired']);
    assert.equal((await stranger.client.post(path, { seats: mine })).status, 201);
  });

  test('says why it has ended: in each way there is', async () => {
    const called = await openSale(app, plainHall(1, 10));
    const pay = (id: string, number?: string) => buyer.client.post(`/bookings/${id}/checkout`, card(number));
    const held = async (eventId: string, n: number) =>
      (await buyer.client.post(`/events/${eventId}/holds`, { seats: [n] })).body.id as string;
    const reason = async (id: string) => (await buyer.client.get(`/bookings/${id}`)).body.endReason;
    const own = await openSale(app, plainHall(1, 10));
    const ids = await Promise.all(Array.from({ length: 6 }, (_, n) => held(own.eventId, n)));
    const [late, mine, theirs, unpaid, back, away] = ids as [string, string, string, string, string, string];
    await lapse(late);
    await buyer.client.delete(`/bookings/${mine}`);
    await own.organizer.client.delete(`/bookings/${theirs}`);
    assert.equal((await pay(unpaid, '4000000000000606')).status, 402);
    for (const [id, { client }] of [
      [back, buyer],
      [away, own.organizer],
    ] as const) {
      assert.equal((await pay(id)).status, 200);
      assert.equal(await reason(id), null);
      assert.ok((await client.post(`/bookings/${id}/cancel`, {})).status < 300);
    }
    assert.deepEqual(await Promise.all(ids.map(reason)), [
      'hold_expired',
      'released_by_buyer',
      'released_by_organizer',
      'payment_not_collected',
      'cancelled_by_buyer',
      'cancelled_by_organizer',
    ]);
    const { data } = (await buyer.client.get(`/bookings?eventId=${own.eventId}`)).body;
    assert.deepEqual(
      new Set(data.map(({ endReason }: { endReason: string }) => endReason)).size,
      6,
      'lists say it as well',
    );

    const before = await held(called.eventId, 0);
    await buyer.client.delete(`/bookings/${before}`);
    const open = await held(called.eventId, 1);
    const sold = await held(called.eventId, 2);
    assert.equal((await pay(sold)).status, 200);
    assert.ok((await called.organizer.client.post(`/events/${called.eventId}/cancel`, {})).status < 300);
    await until(async () => (await buyer.client.get(`/bookings/${sold}`)).body.status === 'cancelled');
    assert.deepEqual(await Promise.all([before, open, sold].map(reason)), [
      'released_by_buyer',
      'event_cancelled',
      'event_cancelled',
    ]);
  });

  test('lists own bookings newest first, by pages and filters', async () => {
    const [person] = await app.people(1);
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift((await hold(person)).id);
    await person.client.delete(`/bookings/${ids[2]}`);
    const seen: string[] = [];
    let query = 'limit=2';
    for (let pages = 1; ; pages++) {
      const { status, body } = await person.client.get(`/bookings?${query}`);
      assert.equal(status, 200);
      assert.equal(body.total, 5);
      seen.push(...body.data.map((b: { id: string }) => b.id));
      if (body.next === null) {
        assert.equal(pages, 3);
        break;
      }
      query = `limit=2&cursor=${body.next}`;
    }
    assert.deepEqual(seen, ids);
    const get = async (filter: string) => (await person.client.get(`/bookings?${filter}`)).body;
    assert.equal((await get('status=released')).total, 1);
    assert.equal((await get('status=held')).data.length, 4);
    assert.equal((await get(`eventId=${sale.eventId}`)).total, 5);
    assert.equal((await get(`eventId=${NOBODYS}`)).total, 0);
    const { createdAt } = (await person.client.get(`/bookings/${ids[1]}`)).body;
    const after = encodeURIComponent(createdAt);
    assert.equal((await get(`from=${after}`)).total, 2);
    assert.equal((await get(`to=${after}`)).total, 3);
    assert.equal((await get('status=lost')).code, 'invalid_query');
    assert.equal((await get('cursor=rubbish')).code, 'invalid_cursor');
    assert.equal((await get('limit=101')).code, 'invalid_query');
    assert.equal((await get('colour=red')).code, 'invalid_query');
  });

  test('tells the history of a booking', async () => {
    const { id } = await hold();
    await buyer.client.post(`/bookings/${id}/extend`);
    await sale.organizer.client.delete(`/bookings/${id}`);
    const { body } = await buyer.client.get(`/bookings/${id}/history`);
    assert.deepEqual(
      body.data.map((e: { version: number; type: string; by: string }) => [e.version, e.type, e.by]),
      [
        [1, 'booking.held', 'buyer'],
        [2, 'booking.extended', 'buyer'],
        [3, 'booking.released', 'organizer'],
      ],
    );
    assert.ok(!JSON.stringify(body).includes(buyer.id), 'no ids of people');
  });

  test('replaying its facts gives each booking, after random histories', async () => {
    const { eventId } = await openSale(app, plainHall(20, 20, [{ name: 'Floor', capacity: 200 }]));
    const inventory = app.nest.get(InventoryService);
    const ids: string[] = [];
    for (let i = 0; i < 40; i++) {
      const body = { seats: [i * 3, i * 3 + 1], areas: [{ area: 'Floor', quantity: 2 }] };
      ids.push((await buyer.client.post(`/events/${eventId}/holds`, body)).body.id);
    }
    const actions = [
      'release',
      'extend',
      'pay',
      'decline',
      'confirm',
      'cancel',
      'cancelled',
      'lapse',
    ] as const;
    const done: Record<string, number> = {};
    const lapsed = new Set<string>();
    await Promise.all(
      ids.map(async (bookingId) => {
        const { rows } = await app.db.query('SELECT id FROM booking_item WHERE booking_id = $1', [bookingId]);
        for (let step = 0; step < 14; step++) {
          const action = pick(actions, step);
          if (action === 'lapse') {
            if (Math.random() < 0.85) continue;
            lapsed.add(bookingId);
            await lapse(bookingId);
            continue;
          }
          const part = rows.filter(() => Math.random() < 0.4).map((r) => r.id as string);
          await inventory
            .changeBooking({
              eventId,
              bookingId,
              action,
              userId: Math.random() < 0.5 ? buyer.id : null,
              items: action.startsWith('cancel') && part.length > 0 ? part : undefined,
              seconds: 900,
              actor: null,
              correlationId: null,
            })
            .then(
              () => (done[action] = (done[action] ?? 0) + 1),
              () => {},
            );
        }
      }),
    );
    for (const action of ['release', 'extend', 'pay', 'decline', 'confirm', 'cancel', 'cancelled'])
      assert.ok((done[action] ?? 0) > 0, `the histories never ${action}`);
    for (const id of ids) await assertReplayed(app, id, !lapsed.has(id));
  });

  test('keeps the free places of lists current, and those that are sold', async () => {
    const { eventId, organizer } = await openSale(app, plainHall(2, 10, [{ name: 'Floor', capacity: 5 }]));
    const listed = async () => {
      const { rows } = await app.db.query(
        'SELECT free_places AS free, sold_places AS sold FROM event_listing WHERE event_id = $1',
        [eventId],
      );
      return rows[0];
    };
    const settles = async (free: number, sold: number) => {
      for (let i = 0; i < 150 && (await listed()).free !== free; i++) await sleep(100);
      assert.deepEqual(await listed(), { free, sold });
    };
    assert.deepEqual(await listed(), { free: 25, sold: 0 });
    const holds = await Promise.all(
      [0, 1, 2, 3].map((n) =>
        buyer.client.post(`/events/${eventId}/holds`, {
          seats: [n],
          areas: [{ area: 'Floor', quantity: 1 }],
        }),
      ),
    );
    await settles(17, 0);
    await buyer.client.delete(`/bookings/${holds[0]!.body.id}`);
    await settles(19, 0);
    const count = await app.db.query(
      `SELECT count(*)::int AS n FROM seat WHERE event_id = $1 AND state = ${SEAT.FREE}`,
      [eventId],
    );
    assert.equal(count.rows[0].n, 17);
    const [, bought, returned] = holds.map(({ body }) => `/bookings/${body.id}`);
    for (const booking of [bought, returned])
      assert.equal((await buyer.client.post(`${booking}/checkout`, card())).status, 200);
    assert.equal((await buyer.client.post(`${returned}/cancel`, {})).status, 200);
    await organizer.client.post(`/events/${eventId}/seats/block`, { seats: [10] });
    await settles(20, 2);
  });
});

/** Random, but rather the next step of a life than a refused one. */
function pick<T>(actions: readonly T[], step: number): T {
  return Math.random() < 0.5
    ? actions[Math.floor(Math.random() * actions.length)]!
    : actions[Math.min(actions.length - 2, 1 + Math.floor(step / 2))]!;
}
