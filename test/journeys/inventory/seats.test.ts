import assert from 'node:assert/strict';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { request } from 'undici';
import { InventoryService } from '../../../src/inventory/changes/inventory.service.js';
import { HoldsService } from '../../../src/inventory/holds/holds.service.js';
import { FeedRetentionService } from '../../../src/inventory/seat-map/feed-retention.service.js';
import { startApp, type TestApp } from '../../support/app.js';
import type { Json } from '../../support/client.js';
import { openSale, plainHall, realHall, type Sale } from '../../support/halls.js';
import type { Person } from '../../support/people.js';
import { unpackStates } from '../../support/seat-states.js';

const UNKNOWN = '019ab0c0-0000-7000-8000-000000000003';

describe('seats over HTTP', () => {
  let app: TestApp;
  let sale: Sale;
  let buyer: Person;
  const hold = (seats: number[], eventId = sale.eventId) =>
    app.nest.get(HoldsService).hold(eventId, { seats }, { userId: buyer.id });
  const get = (path: string, headers?: Record<string, string>) =>
    app.client().get(`/events/${sale.eventId}${path}`, headers);

  /** As a browser asks, the body left as it came. */
  const getPacked = async (path: string, encoding: string) => {
    const { headers, body } = await request(`${app.url}/api/v1/events/${sale.eventId}${path}`, {
      headers: { 'accept-encoding': encoding },
    });
    return { headers, bytes: Buffer.from(await body.arrayBuffer()) };
  };

  beforeAll(async () => {
    app = await startApp();
    sale = await openSale(app);
    [buyer] = await app.people(1);
  });
  afterAll(() => app.close());

  const inDatabase = async (eventId = sale.eventId): Promise<number[]> =>
    (await app.db.query('SELECT state FROM seat WHERE event_id = $1 ORDER BY n', [eventId])).rows.map(
      (row) => row.state,
    );
  const unpack = (packed: Buffer, count: number) => [...unpackStates(packed, count)];

  test('the map has every seat of the plan and never changes', async () => {
    const plain = await get('/seat-map');
    assert.equal(plain.status, 200);
    assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal(plain.body.count, 1252);
    for (const column of Object.values(plain.body.seats) as Json[]) assert.equal(column.length, 1252);
    assert.equal(plain.body.accessible.length, 21);
    assert.deepEqual(plain.body.areas, realHall().areas);
    assert.equal(new Set(plain.body.seats.label).size, 1252);

    for (const [encoding, unzip] of [
      ['br', brotliDecompressSync],
      ['gzip', gunzipSync],
    ] as const) {
      const packed = await getPacked('/seat-map', encoding);
      assert.equal(packed.headers['content-encoding'], encoding);
      assert.notEqual(packed.headers.etag, plain.headers.etag);
      assert.deepEqual(JSON.parse(unzip(packed.bytes).toString()), plain.body);
    }
    const short = await get('/seat-map?labels=false');
    const { label: _, ...unlabelled } = plain.body.seats;
    assert.deepEqual(short.body, { ...plain.body, seats: unlabelled });
    assert.notEqual(short.headers.etag, plain.headers.etag);
    assert.equal((await get('/seat-map?labels=no')).body.code, 'invalid_query');
    const again = await get('/seat-map', { 'if-none-match': plain.headers.etag! });
    assert.equal(again.status, 304);
    assert.equal(again.body, undefined);
  });

  test('the state is what the database has, in every form', async () => {
    await hold([3, 4, 5]);
    await app.nest.get(InventoryService).block(sale.eventId, [10, 11], true, sale.organizer.id, null);
    const json = await get('/seats');
    assert.equal(json.status, 200);
    const { epoch, seq, count, states, sections, areas, prices } = json.body;
    const expected = await inDatabase();
    assert.deepEqual(unpack(Buffer.from(states, 'base64'), count), expected);
    assert.equal(expected[4], 1);
    assert.equal(expected[10], 3);
    const sum = (key: string) => sections.reduce((all: number, s: Json) => all + s[key], 0);
    assert.deepEqual([sum('free'), sum('held'), sum('booked'), sum('blocked')], [1247, 3, 0, 2]);
    assert.deepEqual(areas, [{ area: realHall().areas[0]!.name, capacity: 248, held: 0, booked: 0 }]);
    assert.ok(prices.categories.every((c: Json) => c.price === 2000));
    assert.equal(prices.areas[0].price, 1000);

    const raw = await get('/seats', { accept: 'application/octet-stream' });
    assert.equal(raw.headers['content-type'], 'application/octet-stream');
    assert.equal(raw.headers['seat-seq'], `${seq}`);
    assert.equal(raw.headers['seat-epoch'], epoch);
    assert.equal(raw.headers['seat-count'], '1252');
    assert.equal(raw.body.toString('base64'), states);
    assert.notEqual(raw.headers.etag, json.headers.etag);

    const packed = await getPacked('/seats', 'br');
    assert.equal(packed.headers['content-encoding'], 'br');
    assert.deepEqual(JSON.parse(brotliDecompressSync(packed.bytes).toString()), json.body);

    assert.equal((await get('/seats', { 'if-none-match': json.headers.etag! })).status, 304);
    await hold([6]);
    const changed = await get('/seats', { 'if-none-match': json.headers.etag! });
    assert.equal(changed.status, 200);
    assert.equal(changed.body.seq, seq + 1);
  });

  test('a changed price is another state, though no seat changed', async () => {
    const before = await get('/seats');
    const { client } = sale.organizer;
    const event = await client.get(`/events/${sale.eventId}`);
    const priceTiers = event.body.priceTiers.map((tier: Json) => ({ ...tier, price: 2500 }));
    const set = await client.put(
      `/events/${sale.eventId}/price-tiers`,
      {
        priceTiers: priceTiers.map(({ name, price, category, area }: Json) => ({
          name,
          price,
          ...(category ? { category } : { area }),
        })),
      },
      { 'if-match': event.headers.etag! },
    );
    assert.equal(set.status, 200, JSON.stringify(set.body));
    await untilTrue(async () => (await get('/seats')).body.prices.version > before.body.prices.version);
    const now = await get('/seats');
    assert.ok(now.body.prices.categories.every((c: Json) => c.price === 2500));
    const changes = await get(`/seats/changes?since=${before.body.seq}`);
    assert.deepEqual(changes.body.changes, []);
    assert.equal(changes.body.priceVersion, now.body.prices.version);
  });

  test('changes since: coalesced, every touched seat once, from memory and from the feed', async () => {
    const { seq } = (await get('/seats')).body;
    const booking = await hold([20, 21]);
    await hold([22]);
    await app.nest.get(InventoryService).changeBooking({
      eventId: sale.eventId,
      bookingId: booking.id,
      action: 'release',
      userId: buyer.id,
      actor: buyer.id,
      correlationId: null,
    });
    const recent = await get(`/seats/changes?since=${seq}`);
    assert.equal(recent.status, 200);
    assert.deepEqual([recent.body.from, recent.body.to], [seq, seq + 3]);
    assert.deepEqual(Object.fromEntries(recent.body.changes), { 20: 0, 21: 0, 22: 1 });
    assert.equal(recent.body.changes.length, 3);
    assert.equal(recent.body.areas, undefined);

    const replica = await startApp({ database: app.config.database });
    const path = `/events/${sale.eventId}/seats/changes?since=0`;
    const [here, there] = [await app.client().get(path), await replica.client().get(path)];
    const sorted = ({ body }: Json) => ({
      ...body,
      changes: body.changes.sort(([a]: Json, [b]: Json) => a - b),
    });
    assert.deepEqual(sorted(here), sorted(there), 'memory and feed tell the same');
    await replica.close();

    const nothing = await get(`/seats/changes?since=${seq + 3}&epoch=${recent.body.epoch}`);
    assert.deepEqual(nothing.body.changes, []);
    assert.equal(nothing.body.to, seq + 3);
  });

  test('changes of another epoch, of the future, or no longer kept are gone', async () => {
    const { seq, epoch } = (await get('/seats')).body;
    for (const query of [`since=${seq + 1}`, `since=${seq}&epoch=0123456789ab`]) {
      const gone = await get(`/seats/changes?${query}`);
      assert.equal(gone.status, 410);
      assert.equal(gone.body.code, 'feed_gone');
      assert.deepEqual([gone.body.seq, gone.body.epoch], [seq, epoch]);
    }
    for (const query of ['', 'since=-1', 'since=1.5', 'since=x', 'since=1&n=2', 'since=9007199254740993'])
      assert.equal((await get(`/seats/changes?${query}`)).body.code, 'invalid_query', query);
  });

  test('the feed forgets what is older than a day or beyond 100,000 rows', async () => {
    const old = await openSale(app, plainHall(2, 10));
    const feed = async () =>
      (
        await app.db.query(
          'SELECT count(*)::int AS n, min(seq)::int AS first FROM seat_feed WHERE event_id = $1',
          [old.eventId],
        )
      ).rows[0];
    await app.db.query(
      `INSERT INTO seat_feed (event_id, seq, changes, areas, price_version, at)
       SELECT $1, s, '{1}', '{}', 1, clock_timestamp() - CASE WHEN s <= 7 THEN interval '25 hours' ELSE '0' END
       FROM generate_series(1, 104500) s`,
      [old.eventId],
    );
    await app.db.query('UPDATE inventory SET seq = 104500 WHERE event_id = $1', [old.eventId]);
    await app.nest.get(FeedRetentionService).forgetOld();
    assert.deepEqual(await feed(), { n: 100_000, first: 4501 });
    const path = `/events/${old.eventId}/seats/changes?since=`;
    assert.equal((await app.client().get(`${path}4499`)).status, 410);
    const whole = await app.client().get(`${path}4500`);
    assert.equal(whole.status, 200);
    assert.deepEqual([whole.body.to, whole.body.changes.length], [104_500, 1]);
    await app.db.query(
      `UPDATE seat_feed SET at = clock_timestamp() - interval '25 hours' WHERE event_id = $1 AND seq <= 90000`,
      [old.eventId],
    );
    await app.nest.get(FeedRetentionService).forgetOld();
    assert.deepEqual(await feed(), { n: 14_500, first: 90_001 });
  });

  test('events without inventory: unknown 404, a draft 404, its organizer 409', async () => {
    const { client } = sale.organizer;
    const created = await client.post('/events', {
      venueId: sale.event.venueId,
      planId: sale.event.planId,
      title: 'Draft',
      category: 'sport',
      startsAt: new Date(Date.now() + 86_400_000).toISOString(),
      endsAt: new Date(Date.now() + 90_000_000).toISOString(),
      currency: 'EUR',
    });
    assert.equal(created.status, 201, JSON.stringify(created.body));
    const { id } = created.body;
    for (const path of ['seats', 'seats/changes?since=0']) {
      assert.equal((await app.client().get(`/events/${UNKNOWN}/${path}`)).status, 404);
      assert.equal((await buyer.client.get(`/events/${id}/${path}`)).status, 404);
      const own = await client.get(`/events/${id}/${path}`);
      assert.deepEqual([own.status, own.body.code], [409, 'event_not_on_sale']);
      assert.equal((await app.client().get(`/events/7/${path}`)).body.code, 'invalid_parameter');
    }
    assert.equal((await app.client().get(`/events/${id}/seat-map`)).status, 404);
    const own = await client.get(`/events/${id}/seat-map`);
    assert.deepEqual([own.status, own.headers['cache-control']], [200, 'private, no-cache']);
  });

  test('the history of a seat is for its organizer', async () => {
    const { label } = (await get('/seat-map')).body.seats;
    const path = `/events/${sale.eventId}/seats/${encodeURIComponent(label[20])}/history`;
    const { client } = sale.organizer;
    const told = await client.get(path);
    assert.equal(told.status, 200);
    assert.deepEqual(
      told.body.data.map((fact: Json) => fact.type),
      ['booking.released', 'booking.held'],
    );
    const page = await client.get(`${path}?limit=1`);
    const rest = await client.get(`${path}?limit=1&cursor=${page.body.next}`);
    assert.deepEqual([...page.body.data, ...rest.body.data], told.body.data);
    assert.equal(rest.body.next, null);
    const blocked = await client.get(
      `/events/${sale.eventId}/seats/${encodeURIComponent(label[10])}/history`,
    );
    assert.deepEqual(
      blocked.body.data.map((fact: Json) => [fact.type, fact.actor]),
      [['seats.blocked', sale.organizer.id]],
    );
    assert.equal((await client.get(`/events/${sale.eventId}/seats/nowhere/history`)).status, 404);
    assert.equal((await client.get(`${path}?cursor=abc`)).body.code, 'invalid_cursor');
    const [other] = await app.people(1, 'organizer');
    assert.equal((await other.client.get(path)).status, 404);
    assert.equal((await buyer.client.get(path)).status, 403);
    assert.equal((await app.client().get(path)).status, 401);
  });
});

async function untilTrue(check: () => Promise<boolean>, ms = 5_000): Promise<void> {
  const end = Date.now() + ms;
  while (!(await check())) {
    assert.ok(Date.now() < end, 'did not become true in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
