import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { DEFINITIONS, definitionsTable } from '../../../src/analytics/definitions.rules.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Client, Json } from '../../support/client.js';
import { openSale, plainHall, type Sale } from '../../support/halls.js';
import { card } from '../../support/money.js';
import type { Person } from '../../support/people.js';
import { until } from '../../support/until.js';

describe('the analytics', () => {
  let app: TestApp;
  let sale: Sale;
  let other: Sale;
  let buyer: Person;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    app = await startApp();
    sale = await openSale(app, plainHall(2, 10, [{ name: '@Floor', capacity: 20 }]), {
      title: '=HYPERLINK("http://evil.example")',
    });
    other = await openSale(app, plainHall(2, 10));
    [buyer] = await app.people(1);
  });
  afterAll(async () => {
    for (const socket of sockets) socket.close();
    await app.close();
  });

  const buy = async (eventId: string, seats: number[]): Promise<Json> => {
    const { body } = await buyer.client.post(`/events/${eventId}/holds`, { seats });
    return (await buyer.client.post(`/bookings/${body.id}/checkout`, card())).body;
  };
  const get = (path: string, client: Client = sale.organizer.client) => client.get(`/analytics/${path}`);
  const ordersOf = async () => (await get(`events/${sale.eventId}`)).body.current.orders;

  test('tell what was sold, each number with its definition', async () => {
    await buy(sale.eventId, [0, 1]);
    const { id } = await buy(sale.eventId, [2]);
    await buyer.client.post(`/bookings/${id}/cancel`, {});
    await until(async () => (await get('summary')).body.current.returned === 1);
    const { body } = await get(`events/${sale.eventId}`);
    const { current, previous, places, sections, definitions } = body;
    assert.deepEqual(
      [current.holds, current.orders, current.tickets, current.cancelled, current.cancellationRate],
      [2, 2, 3, 1, 0.3333],
    );
    assert.deepEqual(current.revenue, [{ currency: 'EUR', gross: 6_000, refunded: 2_000, net: 4_000 }]);
    assert.equal(previous, null);
    assert.deepEqual([places.capacity, places.valid, places.utilization], [40, 2, 0.05]);
    assert.deepEqual(
      sections.map(({ kind, name, valid }: Json) => [kind, name, valid]),
      [
        ['section', 'B0', 2],
        ['area', '@Floor', 0],
      ],
    );
    const numbers = [
      ...Object.keys({ ...current, ...current.waitlist, ...current.revenue[0], ...places }),
      'soldOutAt',
      'minutesToSellOut',
    ].filter((name) => !['from', 'to', 'currency', 'revenue', 'waitlist'].includes(name));
    assert.deepEqual(Object.keys(definitions).sort(), numbers.sort());
    for (const [name, text] of Object.entries(definitions))
      assert.equal(text, DEFINITIONS[name as keyof typeof DEFINITIONS]);
    assert.ok(readFileSync('docs/ANALYTICS.md', 'utf8').includes(definitionsTable()), definitionsTable());
  });

  test("are an organizer's own; administrators see all", async () => {
    const foreign = `eventId=${sale.eventId}`;
    const paths = [
      `events/${sale.eventId}`,
      `timeseries?from=2027-01-01&to=2027-01-02&${foreign}`,
      `cancellations?${foreign}`,
    ];
    for (const path of paths) {
      const { status, body } = await get(path, other.organizer.client);
      assert.deepEqual([status, body.code], [404, 'not_found'], path);
    }
    assert.equal((await get('summary', other.organizer.client)).body.current.holds, 0);
    assert.deepEqual((await get('popular', other.organizer.client)).body.data, []);
    const [admin] = await app.people(1, 'admin');
    assert.equal((await get('summary', admin.client)).body.current.orders, 2);
    assert.equal((await get(`events/${sale.eventId}`, admin.client)).status, 200);
    assert.equal((await get('summary', buyer.client)).status, 403);
  });

  test('refuse periods, formats and intervals that make no sense', async () => {
    const series = 'timeseries?from=2027-01-01';
    const bad: [string, string][] = [
      ['summary?from=2027-02-01&to=2027-01-31', 'to'],
      ['summary?from=2000-01-01&to=2190-01-01', 'to'],
      ['summary?from=2027-02-30', 'from'],
      ['summary?from=2027-02-01T10:00:00Z', 'from'],
      ['summary?from=1999-12-31', 'from'],
      ['summary?to=2200-01-01', 'to'],
      ['summary?from=2027-02-01&from=2027-02-02', 'from'],
      ['summary?format=xml', 'format'],
      ['summary?zone=Europe/Nowhere', 'zone'],
      ['popular?limit=0', 'limit'],
      ['popular?limit=1001', 'limit'],
      ['timeseries', 'from'],
      [series, 'to'],
      [`${series}&to=2026-12-31`, 'to'],
      [`${series}&to=2031-01-01`, 'to'],
      [`${series}&to=2027-01-02&interval=minute`, 'interval'],
      [`${series}&to=2027-01-02&interval=hour`, 'eventId'],
      [`${series}&to=2027-04-01&interval=hour&eventId=${sale.eventId}`, 'to'],
      ['cancellations?eventId=7', 'eventId'],
    ];
    for (const [path, field] of bad) {
      const { status, body } = await get(path);
      assert.deepEqual([status, body.code, body.errors?.[0]?.path], [400, 'invalid_query', field], path);
    }
    assert.equal((await get('events/7')).body.code, 'invalid_parameter');
  });

  test('fill every hour: days of 23 and 25 hours, and one hour that comes twice', async () => {
    const hours = async (day: string) =>
      (await get(`timeseries?interval=hour&eventId=${sale.eventId}&from=${day}&to=${day}`)).body.data;
    const [spring, autumn, plain] = [
      await hours('2027-03-28'),
      await hours('2027-10-31'),
      await hours('2027-06-01'),
    ];
    assert.deepEqual([spring.length, autumn.length, plain.length], [23, 25, 24]);
    assert.deepEqual([spring[2].at, spring[2].local], ['2027-03-28T01:00:00.000Z', '2027-03-28T03:00']);
    assert.deepEqual([autumn[2].local, autumn[3].local], ['2027-10-31T02:00', '2027-10-31T02:00']);
    const { data } = (await get('timeseries?from=2028-02-27&to=2028-03-01')).body;
    assert.deepEqual(
      data.map(({ at }: Json) => at),
      ['2028-02-27', '2028-02-28', '2028-02-29', '2028-03-01'],
    );
  });

  test('come as CSV, in which text of people is no formula', async () => {
    const csv = async (path: string): Promise<string[]> => {
      const { status, body, headers } = await get(path);
      assert.deepEqual([status, headers['content-type']], [200, 'text/csv; charset=utf-8'], path);
      assert.match(headers['content-disposition']!, /^attachment; filename="\w+\.csv"$/);
      const [mark, ...lines] = [body.slice(0, 1), ...body.slice(1).split('\r\n')];
      assert.deepEqual([mark, lines.pop()], ['\ufeff', ''], path);
      assert.ok(!/[\r\n]/.test(lines.join('')), path);
      return lines;
    };
    const popular = await csv('popular?format=csv');
    assert.match(popular[0]!, /^eventId,title,startsAt,orders,tickets,cancelled,currency,gross/);
    assert.ok(popular[1]!.startsWith(`${sale.eventId},"'=HYPERLINK(""http://evil.example"")",`), popular[1]);
    assert.ok(popular[1]!.includes(',2,3,1,EUR,6000,2000,4000,2,40,'), popular[1]);
    const event = await csv(`events/${sale.eventId}?format=csv`);
    assert.ok(event.includes("area,'@Floor,capacity,20"), event.join('\n'));
    assert.ok(event.includes('current,EUR,net,4000'));
    assert.ok((await csv('summary?format=csv')).includes('current,,orders,2'));
    const causes = await csv('cancellations?format=csv');
    assert.deepEqual(causes, ['cause,currency,refunds,returned,refunded', 'buyer,EUR,1,1,2000']);
    const series = await csv('timeseries?format=csv&from=2027-01-01&to=2027-12-31');
    assert.equal(series.length, 366);
  });

  describe('on the socket', () => {
    const connect = (token?: string): Socket => {
      const auth = token ? { token } : {};
      const socket = io(`${app.url}/live`, { transports: ['websocket'], auth, forceNew: true });
      sockets.push(socket);
      return socket;
    };
    const ask = (socket: Socket, message: string, payload: Json): Promise<Json> =>
      socket.timeout(5_000).emitWithAck(message, payload);

    test('follow the sale, once a second at most', async () => {
      const socket = connect(sale.organizer.token);
      const { eventId } = sale;
      const heard: number[] = [];
      socket.on('sales.changed', ({ orders }: Json) => heard.push(orders));
      const { ok, sales } = await ask(socket, 'watch.sales', { eventId });
      assert.deepEqual([ok, sales.orders, sales.net, sales.valid, sales.sellable], [true, 2, 4_000, 2, 40]);
      const began = performance.now();
      for (let n = 3; n < 18; n++) await buy(eventId, [n]);
      await until(() => heard.at(-1) === 17);
      const seconds = (performance.now() - began) / 1_000;
      assert.ok(heard.length <= seconds + 1, `${heard.length} messages in ${seconds} s`);
      assert.deepEqual(await ask(socket, 'unwatch.sales', { eventId }), { ok: true });
      const { length } = heard;
      await buy(eventId, [18]);
      await until(async () => (await ordersOf()) === 18);
      await sleep(1_500);
      assert.equal(heard.length, length, 'nothing comes after unwatch');
    });

    test('only of own events, for as long as the token is good', async () => {
      const { eventId } = sale;
      const refused = async (socket: Socket, payload: Json = { eventId }) =>
        (await ask(socket, 'watch.sales', payload)).error?.code;
      assert.equal(await refused(connect()), 'unauthenticated');
      assert.equal(await refused(connect(buyer.token)), 'not_found');
      assert.equal(await refused(connect(other.organizer.token)), 'not_found');
      assert.equal(await refused(connect(sale.organizer.token), { eventId: 7 }), 'wrong_type');
      assert.equal(await refused(connect(sale.organizer.token), { eventId, more: 1 }), 'unknown_field');

      const socket = connect(sale.organizer.token);
      let heard = 0;
      socket.on('sales.changed', () => heard++);
      assert.ok((await ask(socket, 'watch.sales', { eventId })).ok);
      assert.ok((await ask(socket, 'authenticate', { token: buyer.token })).ok);
      const before = await ordersOf();
      await buy(eventId, [19]);
      await until(async () => (await ordersOf()) === before + 1);
      await sleep(1_500);
      assert.equal(heard, 0, 'somebody else is behind the socket now');
    });

    test('at most twenty events a socket', async () => {
      const socket = connect((await app.people(1, 'admin'))[0].token);
      const { rows } = await app.db.query('SELECT id FROM event LIMIT 1');
      assert.ok((await ask(socket, 'watch.sales', { eventId: rows[0].id })).ok);
      await app.db.query(
        `INSERT INTO event (id, organizer_id, venue_id, plan_id, title, category, starts_at, ends_at, timezone, currency)
         SELECT uuidv7(), organizer_id, venue_id, plan_id, 'Draft', category, starts_at, ends_at, timezone, currency
         FROM event, generate_series(1, 20) WHERE id = $1`,
        [rows[0].id],
      );
      const { rows: drafts } = await app.db.query(`SELECT id FROM event WHERE title = 'Draft'`);
      const codes: (string | undefined)[] = [];
      for (const { id } of drafts)
        codes.push((await ask(socket, 'watch.sales', { eventId: id })).error?.code);
      assert.deepEqual(codes, [...new Array(19).fill(undefined), 'too_many_watched']);
    });
  });
});
