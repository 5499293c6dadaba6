import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Rollups } from '../src/analytics/rollups.service.js';
import type { Tx } from '../src/database/tx.js';
import type { AnyFact } from '../src/facts/fact-map.js';
import { Outbox } from '../src/facts/outbox.service.js';
import { RebuildsRepository } from '../src/facts/rebuilds.repository.js';
import { startApp, type TestApp } from './support/app.js';
import { assertAuditClean } from './support/audit.js';
import { runCli } from './support/cli.js';
import type { Client, Json } from './support/client.js';
import { openSale, plainHall } from './support/halls.js';
import { card } from './support/money.js';
import type { Person } from './support/people.js';
import { type HistoryOf, SaleHistories } from './support/sale-histories.js';
import * as reference from './support/sales-reference.js';
import { CHANGES, spreadInTime } from './support/spread-in-time.js';
import { until } from './support/until.js';

const HISTORIES = 50;
const STEPS = 9;
const TABLES = ['sales_day', 'sales_hour', 'sales_minute', 'sales_place', 'sales_return'];
/** The same run for the same number: shown when it fails. */
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);

/** mulberry32 */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const byName = (a: Json, b: Json) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

describe(`the analytics against slow queries (SEED=${SEED})`, () => {
  const random = randomFrom(SEED);
  const histories: HistoryOf[] = [];
  let app: TestApp;
  let admin: Client;
  let organizers: Person[];
  let windows: Map<string, { from: string; to: string }>;
  let soldOut = 0;

  before(async () => {
    app = await startApp({ sweeper: false, waitlistWorker: false, paymentTimeoutMs: 2_000 });
    organizers = await app.people(2, 'organizer');
    admin = (await app.people(1, 'admin'))[0]!.client;
  });
  after(async () => {
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
      const { readers } = await app.nest.get(Outbox).read();
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
  const rebuild = () => app.nest.get(Rollups).rebuild(() => {});
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

  it(`are those of ${HISTORIES} random histories`, async (t) => {
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
    t.diagnostic(`${HISTORIES} histories in ${Math.round(performance.now() - began)} ms`);
    const { rows: happened } = await app.db.query(
      `SELECT type, count(*)::int AS count FROM fact WHERE stream IN ('booking', 'payment', 'refund', 'waitlist') GROUP BY type`,
    );
    const times = Object.fromEntries(happened.map(({ type, count }) => [type, count]));
    for (const type of ['booking.expired', 'booking.released', 'payment.declined', 'payment.voided'])
      assert.ok(times[type] > 0, `${type} in ${JSON.stringify(times)}`);
    for (const type of ['booking.cancelled', 'refund.succeeded', 'waitlist.joined'])
      assert.ok(times[type] > 5, `${type} in ${JSON.stringify(times)}`);
    const today = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    windows = new Map(histories.map(({ eventId }) => [eventId, { from: today(-1), to: today(1) }]));
    // All of them below; that the handler and a rebuild give the same rows is below as well.
    await compareAll(histories.slice(0, 6));
  });

  it('are so around changes of the clocks, in three zones, made anew from facts', async () => {
    windows = await spreadInTime(app.db, histories, random);
    await rebuild();
    const { rowCount } = await app.db.query(`SELECT FROM sales_minute GROUP BY event_id HAVING count(*) > 1`);
    // About half of them have more than one sale.
    assert.ok(rowCount! > HISTORIES / 4, 'sales lie at different times');
    await compareAll(histories);
    assert.ok(soldOut > 0, 'some were sold out');
  });

  it('come out the same to the byte, however facts of different streams are mixed and cut', async () => {
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
          await transaction((tx: Tx) => app.nest.get(Rollups).take(tx, mixed.slice(start, start + size)));
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

  it('are exact after a rebuild while sales go on, which a command makes', async () => {
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
    const { code, out, err } = await runCli('analytics-cli', [], { DATABASE_URL: app.config.databaseUrl! });
    assert.equal(code, 0, err);
    assert.match(out, /^\d[\d,]* of \d[\d,]* facts\n[\s\S]*made anew from \d[\d,]* facts\.\n$/);
    await rebuild();
    selling = false;
    await sales;
    await settle();
    await caughtUp();
    assert.ok(next > 20, `${next} holds`);
    await sees((await get(organizer.client, `events/${eventId}`)).current, { eventId });
    const handled = await rows();
    await rebuild();
    assert.deepEqual(await rows(), handled);
  });
});
