import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { RollupsService } from '../../../src/analytics/rollups.service.js';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import type { Tx } from '../../../src/platform/database/tx.js';
import type { AnyFact } from '../../../src/platform/facts/fact-map.js';
import { OutboxService } from '../../../src/platform/facts/outbox.service.js';
import { RebuildsRepository } from '../../../src/platform/facts/rebuilds.repository.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import { runCli } from '../../support/cli.js';
import type { Client, Json } from '../../support/client.js';
import { openSale, plainHall } from '../../support/halls.js';
import { card } from '../../support/money.js';
import { note } from '../../support/note.js';
import type { Person } from '../../support/people.js';
import { randomFrom, SEED } from '../../support/random.js';
import { assertAsFactsTell, replayEvents } from '../../support/replayed.js';
import { type HistoryOf, SaleHistories } from '../../support/sale-histories.js';
import * as reference from '../../support/sales-reference.js';
import { unpackStates } from '../../support/seat-states.js';
import { CHANGES, spreadInTime } from '../../support/spread-in-time.js';
import { until } from '../../support/until.js';

const HISTORIES = 50;
const STEPS = 9;
const MOMENTS = 200;
const TABLES = ['sales_day', 'sales_hour', 'sales_minute', 'sales_place', 'sales_return'];

const byName = (a: Json, b: Json) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

describe(`the analytics against slow queries (SEED=${SEED})`, () => {
  const random = randomFrom(SEED);
  const histories: HistoryOf[] = [];
  let app: TestApp;
  let admin: Client;
  let organizers: Person[];
  let windows: Map<string, { from: string; to: string }>;
  let soldOut = 0;

  beforeAll(async () => {
    app = await startApp({
      inventory: { sweeper: false },
      waitlist: { worker: false },
      payments: { timeoutMs: 2_000 },
    });
    organizers = await app.people(2, 'organizer');
    admin = (await app.people(1, 'admin'))[0].client;
  });
  afterAll(async () => {
    await assertAuditClean(app);
    await app.close();
  });

  const get = async (client: Client, path: string): Promise<Json> => {
    const { status, body } = await client.get(`/analytics/${path}`);
    assert.equal(status, 200, `${path} ${JSON.stringify(body)}`);
    return body;
  };
  const caughtUp = () =>
    until(async () => {
      const { readers } = await app.nest.get(OutboxService).read();
      return readers.find(({ name }) => name === 'analytics')?.waiting === 0;
    });
  const rows = async (query = (sql: string) => app.db.query(sql).then((found) => found.rows)) => {
    const found: Record<string, string[]> = {};
    for (const table of TABLES)
      found[table] = (await query(`SELECT t::text AS row FROM ${table} t ORDER BY 1`)).map(
        ({ row }: Json) => row,
      );
    return found;
  };
  const rebuild = () => app.nest.get(RollupsService).rebuild(() => {});
  const moved = (figures: Json) => ({
    ...figures,
    revenue: figures.revenue.filter(({ gross, refunded }: Json) => gross !== 0 || refunded !== 0),
  });
  const sees = async (found: Json, which: reference.Which) =>
    assert.deepEqual(moved(found), await reference.referenceFigures(app.db, which));

  /** Everything ends, but for some refunds that were refused. */
  const settle = () =>
    until(async () => {
      const { rows: refused } = await app.db.query(
        `SELECT r.id FROM refund r JOIN event e ON e.id = r.event_id
         WHERE r.status = 'refused' AND r.settled IS NULL AND (e.status = 'cancelled' OR r.amount % 3 = 0)`,
      );
      for (const { id } of refused) {
        const how = random() < 0.5 ? 'paid_elsewhere' : 'not_owed';
        await admin.post(`/admin/refunds/${id}/settle`, { how, note: 'By hand' });
      }
      await app.db.query('UPDATE saga SET due_at = clock_timestamp() WHERE due_at > clock_timestamp()');
      return (await app.db.query('SELECT FROM saga WHERE due_at IS NOT NULL')).rowCount === 0;
    }, 60_000);

  async function compareEvent({ eventId, organizer: { client }, timezone }: HistoryOf): Promise<void> {
    const whole = await get(client, `events/${eventId}`);
    await sees(whole.current, { eventId });
    assert.deepEqual(
      whole.sections.map(({ name, ...section }: Json) => section),
      await reference.referencePlaces(app.db, eventId),
    );
    assert.equal(whole.soldOutAt, await reference.referenceSoldOut(app.db, eventId));
    if (whole.soldOutAt) soldOut++;
    const cancellations = await get(client, `cancellations?eventId=${eventId}`);
    assert.deepEqual(cancellations.causes, await reference.referenceCauses(app.db, { eventId }));

    const { from, to } = windows.get(eventId)!;
    const period = somePeriod(from, to);
    const part = await get(client, `events/${eventId}?from=${period.from}&to=${period.to}`);
    await sees(part.current, { eventId, ...period });
    await sees(part.previous, { eventId, from: part.previous.from, to: part.previous.to });
    const causes = await get(client, `cancellations?eventId=${eventId}&from=${period.from}&to=${period.to}`);
    assert.deepEqual(causes.causes, await reference.referenceCauses(app.db, { eventId, ...period }));

    const { data } = await get(client, `timeseries?interval=hour&eventId=${eventId}&from=${from}&to=${to}`);
    const hours = await reference.referenceHours(app.db, eventId, timezone);
    for (const { at, local, revenue, ...counts } of data) {
      const hour = reference.localHour(new Date(at), timezone);
      assert.equal(local, hour.slice(0, 16));
      const { gross, refunded } = revenue[0];
      const nothing = { holds: 0, orders: 0, tickets: 0, returned: 0, gross: 0, refunded: 0 };
      assert.deepEqual({ ...counts, gross, refunded }, hours.get(hour) ?? nothing, `${hour} ${eventId}`);
      hours.delete(hour);
    }
    assert.deepEqual([...hours.keys()], [], 'nothing lies outside of the hours listed');
  }

  /** Days within the window, some of them one day only. */
  function somePeriod(from: string, to: string): { from: string; to: string } {
    const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
    const first = Math.floor(random() * days);
    const last = first + Math.floor(random() * Math.min(3, days - first));
    const day = (n: number) => new Date(Date.parse(from) + n * 86_400_000).toISOString().slice(0, 10);
    return { from: day(first), to: day(last) };
  }

  async function compareAll(some: readonly HistoryOf[]): Promise<void> {
    for (const history of some) await compareEvent(history);
    const scopes: [Client, reference.Which][] = [
      ...organizers.map(({ client, id }): [Client, reference.Which] => [client, { organizerId: id }]),
      [admin, {}],
    ];
    for (const [client, which] of scopes) {
      const whole = await get(client, 'summary');
      await sees(whole.current, which);
      assert.equal(whole.previous, null);
      const [one] = windows.values();
      const period = { from: one!.from, to: one!.to };
      const query = `from=${period.from}&to=${period.to}`;
      const part = await get(client, `summary?${query}`);
      await sees(part.current, { ...which, ...period });
      await sees(part.previous, { ...which, from: part.previous.from, to: part.previous.to });
      const popular = await get(client, `popular?limit=1000&${query}`);
      assert.deepEqual(
        popular.data.map(({ eventId, tickets, orders }: Json) => ({ eventId, tickets, orders })).sort(byName),
        (await reference.referencePopular(app.db, { ...which, ...period })).sort(byName),
      );
      for (const { at, revenue, local, ...counts } of (await get(client, `timeseries?${query}`)).data) {
        const day = { ...which, from: at, to: at };
        const { holds, orders, tickets, returned, ...figures } = await reference.referenceFigures(
          app.db,
          day,
        );
        assert.deepEqual(counts, { holds, orders, tickets, returned }, at);
        assert.deepEqual(moved({ revenue }).revenue, figures.revenue, at);
      }
    }
  }

  test(`are those of ${HISTORIES} random histories`, async () => {
    const buyers = await app.people(12);
    const make = new SaleHistories(app, buyers);
    const zones = Object.keys(CHANGES);
    const began = performance.now();
    const one = async (i: number) => {
      const currency = ['EUR', 'USD', 'JPY'][i % 3]!;
      const zone = zones[i % zones.length]!;
      histories[i] = await make.make(organizers[i % 2]!, zone, currency, STEPS, randomFrom(SEED + i));
    };
    for (let i = 0; i < HISTORIES; i += 10)
      await Promise.all(Array.from({ length: 10 }, (_, n) => one(i + n)));
    await settle();
    await caughtUp();
    note(`${HISTORIES} histories in ${Math.round(performance.now() - began)} ms`);
    const { rows: happened } = await app.db.query(
      `SELECT type, count(*)::int AS count FROM fact WHERE stream IN ('booking', 'payment', 'refund', 'waitlist') GROUP BY type`,
    );
    const times = Object.fromEntries(happened.map(({ type, count }) => [type, count]));
    for (const type of ['booking.expired', 'booking.released', 'payment.declined'])
      assert.ok(times[type] > 0, `${type} in ${JSON.stringify(times)}`);
    for (const type of ['booking.cancelled', 'refund.succeeded', 'waitlist.joined'])
      assert.ok(times[type] > 5, `${type} in ${JSON.stringify(times)}`);
    const today = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    windows = new Map(histories.map(({ eventId }) => [eventId, { from: today(-1), to: today(1) }]));
    // All of them below; that the handler and a rebuild give the same rows is below as well.
    await compareAll(histories.slice(0, 6));
  });

  test('and facts alone give bookings, items, seats and areas of all of them', async () => {
    const replays = await replayEvents(app, null);
    assert.ok(replays.length >= HISTORIES);
    assertAsFactsTell(replays);
    const rows = replays.reduce((sum, { rows: { booking } }) => sum + booking, 0);
    assert.ok(rows > HISTORIES, `${rows} bookings`);

    const sane = replays.find(({ different, rows: { booking } }) => different === 0 && booking > 0)!;
    assert.ok(sane, 'one in which no hold ran out');
    const plant = async (sql: string) => {
      await app.db.query(sql, [sane.eventId]);
      return (await replayEvents(app, sane.eventId))[0]!.examples.map(({ table }) => table);
    };
    assert.deepEqual(
      await plant(
        'UPDATE booking SET total = total + 1 WHERE event_id = $1 AND id = (SELECT min(id::text)::uuid FROM booking WHERE event_id = $1)',
      ),
      ['booking'],
    );
    assert.deepEqual(
      await plant(
        'UPDATE booking_item SET price = price + 1 WHERE event_id = $1 AND id = (SELECT min(id::text)::uuid FROM booking_item WHERE event_id = $1)',
      ),
      ['booking', 'booking_item'],
    );
    assert.deepEqual(
      await plant('UPDATE seat SET accessible = NOT accessible WHERE event_id = $1 AND n = 3'),
      ['booking', 'booking_item', 'seat'],
    );
    assert.deepEqual(await plant('UPDATE area SET capacity = capacity + 1 WHERE event_id = $1'), [
      'booking',
      'booking_item',
      'seat',
      'area',
    ]);
    const { code, out } = await runCli('replay', ['--event', sane.eventId], {
      DATABASE_URL: app.config.database.url,
    });
    assert.equal(code, 1);
    assert.match(out, /: 4 different\n[\s\S]*4 are not as the facts tell\.\n$/);
    for (const sql of [
      'UPDATE booking SET total = total - 1 WHERE event_id = $1 AND id = (SELECT min(id::text)::uuid FROM booking WHERE event_id = $1)',
      'UPDATE booking_item SET price = price - 1 WHERE event_id = $1 AND id = (SELECT min(id::text)::uuid FROM booking_item WHERE event_id = $1)',
      'UPDATE seat SET accessible = NOT accessible WHERE event_id = $1 AND n = 3',
      'UPDATE area SET capacity = capacity - 1 WHERE event_id = $1',
    ])
      await app.db.query(sql, [sane.eventId]);
    assert.equal((await replayEvents(app, sane.eventId))[0]!.different, 0);
  });

  test(`and the map was at ${MOMENTS} moments what the feed had recorded, also where only facts are left`, async () => {
    interface Moment {
      event: HistoryOf;
      at: string;
      seq: number;
      seats: number[];
      kept: Set<number>;
      areas: Map<number, [number, number]>;
    }
    const at = async ({ eventId, organizer }: HistoryOf, when: string, headers = {}) =>
      organizer.client.get(`/events/${eventId}/seats?at=${encodeURIComponent(when)}`, headers);
    const SEATS = 16;
    const record = async (event: HistoryOf): Promise<Moment[]> => {
      // Whole milliseconds in which nothing of a change was still being written. One change in a thousand has such a time
      // itself: the moment would be its own.
      const { rows: feed } = await app.db.query(
        `SELECT seq::int, changes, areas, kept, date_trunc('milliseconds', next) AS until,
           date_trunc('milliseconds', next) > at AND date_trunc('milliseconds', next) < next AND NOT EXISTS (SELECT FROM fact f WHERE f.event_id = $1
             AND f.occurred_at > date_trunc('milliseconds', next) AND f.occurred_at < next) AS usable
         FROM (SELECT *, lead(at, 1, clock_timestamp()) OVER (ORDER BY seq) AS next FROM seat_feed WHERE event_id = $1) s
         ORDER BY seq`,
        [event.eventId],
      );
      const seats = Array<number>(SEATS).fill(SEAT.FREE);
      const kept = new Set<number>();
      const areas = new Map<number, [number, number]>([[0, [0, 0]]]);
      return feed.flatMap((row) => {
        for (const change of row.changes) {
          seats[change >> 2] = change & 3;
          kept.delete(change >> 2);
        }
        for (const n of row.kept) kept.add(n);
        for (let i = 0; i < row.areas.length; i += 3)
          areas.set(row.areas[i], [row.areas[i + 1], row.areas[i + 2]]);
        if (!row.usable) return [];
        const moment = { event, at: row.until.toISOString(), seq: row.seq };
        return [{ ...moment, seats: [...seats], kept: new Set(kept), areas: new Map(areas) }];
      });
    };
    const all = (await Promise.all(histories.map(record))).flat();
    const moments = Array.from({ length: MOMENTS }, () => all[Math.floor(random() * all.length)]!);
    const unpack = (states: string) => [...unpackStates(Buffer.from(states, 'base64'), SEATS)];
    const check = async ({ event, at: when, seq, seats, kept, areas }: Moment, byFacts: boolean) => {
      const { status, body, headers } = await at(event, when);
      const where = `${event.eventId} at ${when}, seq ${seq}`;
      assert.equal(status, 200, where);
      assert.equal(headers['cache-control'], 'private, no-store');
      // Facts do not tell of what is kept for those who wait.
      const expected = byFacts ? seats.map((state, n) => (kept.has(n) ? SEAT.FREE : state)) : seats;
      assert.deepEqual(unpack(body.states), expected, where);
      assert.deepEqual([body.at, body.seq, body.count], [when, byFacts ? 0 : seq, SEATS], where);
      const [{ held, booked }] = body.areas;
      const counts = areas.get(0)!;
      if (byFacts) assert.equal(booked, counts[1], where);
      else assert.deepEqual([held, booked], counts, where);
      const sum = { free: 0, held: 0, booked: 0, blocked: 0 };
      for (const section of body.sections)
        for (const state of ['free', 'held', 'booked', 'blocked'] as const) sum[state] += section[state];
      assert.deepEqual(
        Object.values(sum),
        Object.values(SEAT).map((state) => expected.filter((one) => one === state).length),
      );
    };
    for (const moment of moments) await check(moment, false);
    const [first] = moments as [Moment];
    const raw = await at(first.event, first.at, { accept: 'application/octet-stream' });
    assert.deepEqual(unpack(raw.body.toString('base64')), first.seats);
    assert.equal(raw.headers['seat-at'], first.at);
    const future = await at(first.event, new Date(Date.now() + 60_000).toISOString());
    const early = await at(first.event, '2020-01-01T00:00:00Z');
    for (const { status, body } of [future, early])
      assert.deepEqual([status, body.code, body.errors[0].path], [422, 'validation_failed', 'at']);
    assert.equal((await at(first.event, 'yesterday')).status, 400);

    await app.db.query('CREATE TABLE recorded_feed AS SELECT * FROM seat_feed');
    await app.db.query('DELETE FROM seat_feed');
    try {
      for (const moment of moments) await check(moment, true);
    } finally {
      await app.db.query('INSERT INTO seat_feed SELECT * FROM recorded_feed');
      await app.db.query('DROP TABLE recorded_feed');
    }
  });

  test('are so around changes of the clocks, in three zones, made anew from facts', async () => {
    windows = await spreadInTime(app.db, histories, random);
    await rebuild();
    const { rowCount } = await app.db.query(`SELECT FROM sales_minute GROUP BY event_id HAVING count(*) > 1`);
    // About half of them have more than one sale.
    assert.ok(rowCount! > HISTORIES / 4, 'sales lie at different times');
    await compareAll(histories);
    assert.ok(soldOut > 0, 'some were sold out');
  });

  test('come out the same to the byte, however facts of different streams are mixed and cut', async () => {
    const still = await openSale(app, plainHall(1, 2));
    await caughtUp();
    const whole = await rows();
    assert.ok(TABLES.every((table) => whole[table]!.length > 10));
    await app.db.query(
      `UPDATE fact_cursor SET seen = '1:1:', until = '1:1:', pos = 0 WHERE handler = 'analytics'`,
    );
    await app.db.query(`TRUNCATE ${TABLES.join()}`);
    // Facts that add up to nothing: with them the relay notices that its cursor was moved.
    for (const verb of ['block', 'unblock'])
      await still.organizer.client.post(`/events/${still.eventId}/seats/${verb}`, { seats: [0] });
    await caughtUp();
    assert.deepEqual(await rows(), whole, 'by the handler, from the beginning');

    const { rows: facts } = await app.db.query(
      `SELECT pos::text, event_id AS "eventId", stream, stream_id AS "streamId", version, type, data, occurred_at AS "occurredAt"
       FROM fact WHERE type LIKE ANY (ARRAY['booking.%', 'waitlist.%', 'seats.%'])
         OR type IN ('payment.captured', 'refund.succeeded', 'event.published') ORDER BY pos`,
    );
    await app.nest.get(RebuildsRepository).beside(TABLES, async ({ transaction }) => {
      for (let round = 0; round < 3; round++) {
        const mixed = mix(facts);
        for (let start = 0; start < mixed.length; ) {
          const size = 1 + Math.floor(random() * 60);
          await transaction((tx: Tx) =>
            app.nest.get(RollupsService).take(tx, mixed.slice(start, start + size)),
          );
          start += size;
        }
        await transaction(async (tx) => {
          assert.deepEqual(await rows((sql) => tx.query(sql)), whole, `mixed, round ${round}`);
          await tx.query(`TRUNCATE ${TABLES.map((table) => `pg_temp.${table}`).join()}`);
        });
      }
    });
    assert.deepEqual(await rows(), whole, 'the tables themselves were left alone');
  });

  /** In order within each stream, in any order between them. */
  function mix(facts: readonly AnyFact[]): AnyFact[] {
    const streams = [...Map.groupBy(facts, ({ stream, streamId }) => `${stream} ${streamId}`).values()];
    const keyed = streams.flatMap((stream) => {
      const keys = stream.map(random).sort((a, b) => a - b);
      return stream.map((fact, i): [number, AnyFact] => [keys[i]!, fact]);
    });
    return keyed.sort(([a], [b]) => a - b).map(([, fact]) => fact);
  }

  test('are exact after a rebuild while sales go on, which a command makes', async () => {
    const { eventId, organizer } = await openSale(app, plainHall(20, 40));
    const buyers = await app.people(4);
    let next = 0;
    let selling = true;
    const sell = async ({ client }: Person) => {
      for (; selling && next < 800; await sleep(100)) {
        const { body } = await client.post(`/events/${eventId}/holds`, { seats: [next++] });
        if (next % 3 > 0) await client.post(`/bookings/${body.id}/checkout`, card());
        if (next % 5 === 0) await client.post(`/bookings/${body.id}/cancel`, {});
      }
    };
    const sales = Promise.all(buyers.map(sell));
    await rebuild();
    const { code, out, err } = await runCli('analytics', [], { DATABASE_URL: app.config.database.url });
    assert.equal(code, 0, err);
    assert.match(out, /^\d[\d,]* of \d[\d,]* facts\n[\s\S]*made anew from \d[\d,]* facts\.\n$/);
    await rebuild();
    await until(() => next > 20, 60_000);
    selling = false;
    await sales;
    await settle();
    await caughtUp();
    await sees((await get(organizer.client, `events/${eventId}`)).current, { eventId });
    const handled = await rows();
    await rebuild();
    assert.deepEqual(await rows(), handled);
  });
});
