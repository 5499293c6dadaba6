import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import { type Check, near, SqlSale } from './sale.js';

/** Rows of the event are written anew, the last first, and read as they were written: not by an index, nor sorted for another list. */
async function shuffle(sale: SqlSale, table: 'seat' | 'area', key: string): Promise<void> {
  for (const setting of ['enable_indexscan', 'enable_presorted_aggregate'])
    await sale.rows(`SET LOCAL ${setting} = off`);
  await sale.rows(
    `WITH gone AS (DELETE FROM ${table} WHERE event_id = $1 RETURNING *) INSERT INTO ${table} SELECT * FROM gone ORDER BY ${key} DESC`,
    [sale.event],
  );
}

const block = (sale: SqlSale, seats: number[]) =>
  sale.call('seats_block_v1', sale.event, 0, seats, true, sale.organizer, 'corr');

/** All other seats are out of the sale. */
const onlyOpen = (sale: SqlSale, seats: number[]) =>
  sale.rows(
    `UPDATE seat SET state = CASE WHEN n = ANY ($2) THEN ${SEAT.FREE} ELSE ${SEAT.BLOCKED} END, booking_id = NULL, hold_until = NULL
     WHERE event_id = $1`,
    [sale.event, seats],
  );

const priceBalcony = (sale: SqlSale) =>
  sale.rows(
    `INSERT INTO price_tier (event_id, no, name, price, category, area, applies_to) VALUES ($1, 3, 'Balcony', 1000, NULL, 1, 'Balcony')`,
    [sale.event],
  );

export const seatChecks: Check[] = [
  {
    name: 'seats that cannot be taken out of the sale are named in order; while people wait, lapsed ones are among them',
    async run(sale) {
      await shuffle(sale, 'seat', 'n');
      await sale.rows(
        `INSERT INTO fact (event_id, stream, stream_id, version, type, data) VALUES ($1, 'event', $1, 7, 'event.published', '{}')`,
        [sale.event],
      );
      const lapsed = await sale.hold([{ n: 4 }]);
      await sale.sell([{ n: 2 }]);
      await sale.hold([{ n: 3 }]);
      await sale.join();
      await sale.age(lapsed, 630);
      const refused = await sale.expects(block(sale, [5, 4, 3, 2]), 'seats_not_blockable');
      assert.deepEqual(refused.conflicts, [2, 3, 4]);
      await sale.expects(block(sale, [5]), 'ok');
      near((await sale.feed()).age, 0);
      const [fact] = await sale.facts(sale.event);
      assert.deepEqual([fact!.type, fact!.version], ['seats.blocked', 1], 'numbers of its own');
      await sale.age(lapsed, 31);
      await sale.expects(block(sale, [4, 6]), 'ok');
      assert.equal((await sale.booking(lapsed.id)).status, 'expired');
      assert.equal(await sale.seats(2, 6), 'shooo');
    },
  },
  {
    name: 'a pick finds neighbours and single seats in their order, in whatever order they were written',
    async run(sale) {
      await shuffle(sale, 'seat', 'n');
      const pick = async (quantity: number, together: boolean) =>
        (
          await sale.hold(
            Array.from({ length: quantity }, () => ({})),
            { best: { quantity, together } },
          )
        ).seats;
      assert.deepEqual(await pick(3, true), [0, 1, 2]);
      await onlyOpen(sale, [3, 5, 7]);
      assert.deepEqual(await pick(2, false), [3, 5]);
      await sale.rows('UPDATE seat SET accessible = n IN (8, 19) WHERE event_id = $1', [sale.event]);
      await onlyOpen(sale, [8, 12, 19]);
      assert.deepEqual(await pick(2, false), [12, 8], 'accessible seats last');
      await sale.rows('UPDATE seat SET accessible = n BETWEEN 15 AND 18 WHERE event_id = $1', [sale.event]);
      await onlyOpen(sale, [4, 15, 16]);
      assert.deepEqual(await pick(2, false), [4, 15], 'last also as neighbours');
      await onlyOpen(sale, [6, 17, 18]);
      assert.deepEqual(await pick(2, true), [17, 18]);
    },
  },
  {
    name: 'only blocked seats are brought back: lapsed and kept ones stay as they are, and nothing is told of them',
    async run(sale) {
      const unblock = (seats: number[]) =>
        sale.call('seats_block_v1', sale.event, 0, seats, false, sale.organizer, 'corr');
      const lapsed = await sale.hold([{ n: 1 }]);
      await sale.age(lapsed, 601);
      assert.equal((await sale.expects(unblock([0, 1]), 'ok')).changed, 0);
      assert.deepEqual(await sale.facts(sale.event), []);
      assert.equal((await sale.booking(lapsed.id)).status, 'held');
      await sale.expects(block(sale, [2, 3]), 'ok');
      await sale.join();
      await sale.expects(unblock([2]), 'ok');
      assert.equal(await sale.seats(2, 3), 'ko');
      await sale.rows(
        `UPDATE seat SET hold_until = clock_timestamp() - interval '10 s' WHERE event_id = $1 AND n = 2`,
        [sale.event],
      );
      const refused = await sale.expects(unblock([0, 1, 2, 3]), 'seats_not_blockable');
      assert.deepEqual(refused.conflicts, [1], 'those who wait come first');
      assert.equal((await sale.expects(unblock([0, 2, 3]), 'ok')).changed, 1);
      const told = (await sale.facts(sale.event)).map(({ type, data }) => [type, data]);
      assert.deepEqual(told, [
        ['seats.blocked', { seats: [2, 3] }],
        ['seats.unblocked', { seats: [2] }],
        ['seats.unblocked', { seats: [3] }],
      ]);
    },
  },
  {
    name: 'neighbours of two kinds are replaced by none',
    async run(sale) {
      const late = await sale.hold([{ n: 8 }, { n: 9 }]);
      await sale.age(late, 601);
      await sale.hold([{ n: 8 }]);
      await sale.expects(sale.restore(late.id, [randomUUID(), randomUUID()]), 'seats_lost');
      assert.equal(await sale.seats(0, 9), 'ffffffffhf');
    },
  },
  {
    name: 'the feed has its rows, seats, places and what is kept in order, in whatever order they were written',
    async run(sale) {
      await priceBalcony(sale);
      await shuffle(sale, 'seat', 'n');
      await shuffle(sale, 'area', 'area');
      const ask = () => sale.hold([{ n: 5 }, { n: 12 }, { n: 2 }, { area: 1 }, { area: 0 }, { area: 0 }]);
      await sale.expects(sale.change((await ask()).id, 'release'), 'ok');
      const freed = await sale.feed();
      assert.deepEqual(
        [freed.changes, freed.areas],
        [
          [8, 20, 48],
          [0, 0, 0, 1, 0, 0],
        ],
      );
      const held = await ask();
      await sale.join();
      await sale.expects(sale.change(held.id, 'release'), 'ok');
      const told = await sale.feed();
      assert.deepEqual(
        [told.changes, told.areas, told.kept],
        [
          [9, 21, 49],
          [0, 2, 0, 1, 1, 0],
          [2, 5, 12],
        ],
      );
      await sale.rows(
        `INSERT INTO seat_feed (event_id, seq, changes, areas, price_version, at)
         SELECT $1, $2::bigint + ahead, '{}', '{}', 1, clock_timestamp() FROM unnest('{2,3,1}'::int[]) AS ahead`,
        [sale.event, told.seq],
      );
      const { rows } = await sale.one<{ rows: number[][] }>('SELECT feed_since_v1($1, $2, $3) AS rows', [
        sale.event,
        told.seq,
        told.seq + 3,
      ]);
      assert.deepEqual(
        rows.map(([seq]) => seq! - told.seq),
        [1, 2, 3],
      );
    },
  },
  {
    name: 'prices are copied by category and area, whatever the order of the tiers; events follow in the order of their ids',
    async run(sale) {
      const other = await new SqlSale(sale.db).open();
      await sale.rows('DELETE FROM price_tier WHERE event_id = $1', [sale.event]);
      await sale.rows(
        `INSERT INTO price_tier (event_id, no, name, price, category, area, applies_to)
         SELECT $1, k, 'T', 100 * k, CASE WHEN k < 4 THEN k END, CASE WHEN k >= 4 THEN k - 4 END, 'T' FROM generate_series(6, 0, -1) k
         WHERE k NOT IN (1, 5)`,
        [sale.event],
      );
      const prices = await sale.one<{ categories: (number | null)[]; areas: (number | null)[] }>(
        'SELECT category_prices::int[] AS categories, area_prices::int[] AS areas FROM inventory WHERE event_id = $1',
        [sale.event],
      );
      assert.deepEqual(prices, { categories: [0, null, 200, 300], areas: [400, null, 600] });
      const events = [sale.event, other.event];
      await sale.rows('UPDATE price_tier SET price = price + 1 WHERE event_id = ANY ($1)', [events]);
      const told = await sale.rows<{ event: string }>(
        `SELECT f.event_id AS event FROM seat_feed f JOIN inventory i USING (event_id, seq) WHERE event_id = ANY ($1) ORDER BY at`,
        [events],
      );
      assert.deepEqual(
        told.map(({ event }) => event),
        events.toSorted(),
      );
    },
  },
  {
    name: 'places that are kept are taken from their own area and event, the oldest first, and no more than asked for',
    async run(sale) {
      const other = await new SqlSale(sale.db).open();
      for (const { event } of [sale, other]) {
        await sale.rows('UPDATE area SET held = 5 WHERE event_id = $1', [event]);
        await sale.rows(
          `INSERT INTO area_kept (event_id, area, until, quantity)
           SELECT $1, area, now() + make_interval(secs => secs), quantity
           FROM (VALUES (0, 20, 1), (0, 40, 2), (0, 50, 2), (1, 10, 2), (1, 20, 1), (1, 40, 2)) AS kept (area, secs, quantity)`,
          [event],
        );
      }
      const kept = async ({ event }: SqlSale, area: number) =>
        (
          await sale.rows<{ quantity: number }>(
            'SELECT quantity FROM area_kept WHERE event_id = $1 AND area = $2 ORDER BY until',
            [event, area],
          )
        ).map(({ quantity }) => quantity);
      await sale.join();
      await sale.expects(sale.settle({ areas: [[0, 0, 2]] }), 'ok');
      assert.deepEqual(await sale.area(0), { held: 3, booked: 0 });
      assert.deepEqual(
        [await kept(sale, 0), await kept(sale, 1), await kept(other, 0), await kept(other, 1)],
        [
          [1, 2],
          [2, 1, 2],
          [1, 2, 2],
          [2, 1, 2],
        ],
      );
    },
  },
  {
    name: 'a buyer’s limit counts what lives: held, being paid, sold and on its way back, of this event alone',
    async run(sale) {
      const user = randomUUID();
      await sale.set('max_per_buyer = NULL');
      const late = await sale.hold([{ n: 0 }, { n: 1 }], { user });
      await sale.age(late, 601);
      await sale.call('inventory_sweep_v1', sale.event, 0, 100);
      const elsewhere = await new SqlSale(sale.db).open();
      await elsewhere.hold([{ n: 0 }, { n: 1 }, { n: 2 }], { user });
      const released = await sale.hold([{ n: 2 }], { user });
      await sale.expects(sale.change(released.id, 'release'), 'ok');
      const unpaid = await sale.hold([{ n: 3 }], { user });
      await sale.expects(sale.change(unpaid.id, 'pay'), 'ok');
      await sale.age(unpaid, 901);
      const returned = await sale.sell([{ n: 4 }, { n: 5 }, { n: 9 }], { user });
      const [gone, ...going] = returned.items as [string, ...string[]];
      await sale.expects(sale.change(returned.id, 'cancel', { items: [gone] }), 'ok');
      await sale.expects(sale.change(returned.id, 'cancelled', { items: [gone] }), 'ok');
      await sale.expects(sale.change(returned.id, 'cancel', { items: going }), 'ok');
      // Past the time of the hold, but sold, or within the time of the payment.
      const sold = await sale.sell([{ n: 6 }, { n: 7 }], { user });
      await sale.age(sold, 2_000);
      const paying = await sale.hold([{ n: 8 }], { user });
      await sale.expects(sale.change(paying.id, 'pay'), 'ok');
      await sale.age(paying, 700);
      await sale.hold([{ n: 10 }], { user });
      // Two on their way back, two sold, one being paid, one held: six, and two that come late.
      await sale.set('max_per_buyer = 7');
      await sale.expects(sale.restore(late.id, null), 'buyer_limit_reached');
      await sale.set('max_per_buyer = 8');
      const { before, after } = await sale.one<{ before: number; after: number }>(
        `SELECT buyer_items_v1($1, $2, expires_at - interval '1 us') AS before, buyer_items_v1($1, $2, expires_at) AS after
         FROM booking WHERE id = $3`,
        [sale.event, user, paying.id],
      );
      assert.equal(before - after, 1, 'to the moment');
      await sale.expects(sale.restore(late.id, null), 'ok');
    },
  },
];
