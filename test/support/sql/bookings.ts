import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import { type Check, type Held, near, type SqlSale } from './sale.js';

export const bookingChecks: Check[] = [
  {
    name: 'a release frees seats and places for everyone',
    async run(sale) {
      const held = await sale.hold([{ n: 0 }, { n: 1 }, { area: 0 }]);
      assert.equal((await sale.change(held.id, 'release', { user: randomUUID() })).outcome, 'not_found');
      const { now } = await sale.feed();
      await sale.expects(sale.change(held.id, 'release', { user: held.user }), 'ok');
      assert.equal((await sale.feed()).now, now + 1);
      assert.equal(await sale.seats(0, 1), 'ff');
      assert.deepEqual(await sale.area(), { held: 0, booked: 0 });
      const { status, version } = await sale.booking(held.id);
      assert.deepEqual([status, version], ['released', 2]);
      for (const item of await sale.items(held.id)) assert.equal(item.status, 'released');
      assert.deepEqual(
        (await sale.facts(held.id)).map(({ type, version }) => [type, version]),
        [
          ['booking.held', 1],
          ['booking.released', 2],
        ],
      );
      const feed = await sale.feed();
      assert.deepEqual([feed.changes, feed.areas, feed.kept], [[0, 4], [0, 0, 0], []]);
      for (const action of ['release', 'extend', 'accept', 'pay'])
        await sale.expects(sale.change(held.id, action), 'not_held');
    },
  },
  {
    name: 'what is freed while people wait is kept for a minute',
    async run(sale) {
      const held = await sale.hold([{ n: 0 }, { area: 0 }, { area: 0 }]);
      const { id, user } = await sale.join();
      await sale.expects(sale.change(held.id, 'release'), 'ok');
      assert.equal(await sale.seats(0, 0), 'k');
      assert.deepEqual(await sale.area(), { held: 2, booked: 0 });
      const feed = await sale.feed();
      assert.deepEqual([feed.changes, feed.kept], [[1], [0]]);
      near(feed.keptFor, 60);
      assert.equal(feed.held, null);
      assert.equal(await sale.outcome([{ n: 0 }]), 'seats_taken');
      assert.equal(await sale.outcome(Array.from({ length: 4 }, () => ({ area: 0 }))), 'area_full');
      await sale.expects(sale.call('waitlist_leave_v1', sale.event, id, user, 0, 'corr'), 'ok');
      assert.equal(await sale.seats(0, 0), 'f');
      assert.deepEqual(await sale.area(), { held: 0, booked: 0 });
    },
  },
  {
    name: 'an action that comes after the deadline ends the booking',
    async run(sale) {
      for (const action of ['release', 'pay', 'decline'] as const) {
        const held = await sale.hold([{ n: 7 }, { area: 0 }]);
        if (action === 'decline') await sale.expects(sale.change(held.id, 'pay'), 'ok');
        await sale.age(held, action === 'decline' ? 901 : 600);
        await sale.expects(sale.change(held.id, action), 'hold_expired');
        assert.equal((await sale.booking(held.id)).status, 'expired');
        assert.equal(await sale.seats(7, 7), 'f');
        const told = await sale.feed();
        assert.deepEqual([told.changes, told.areas], [[28], [0, 0, 0]]);
        await sale.expects(sale.change(held.id, 'pay'), 'hold_expired');
        await sale.expects(sale.change(held.id, 'confirm'), 'not_paying');
        await sale.expects(sale.change(held.id, 'cancel'), 'not_confirmed');
      }
      assert.deepEqual(await sale.area(), { held: 0, booked: 0 });
      const extended = await sale.hold([{ n: 7 }, { area: 0 }]);
      await sale.age(extended, 601);
      await sale.expects(sale.extend(extended.id), 'hold_expired');
      assert.equal(await sale.seats(7, 7), 'f');
      const told = await sale.feed();
      assert.deepEqual([told.changes, told.areas], [[28], [0, 0, 0]]);
      const unpaid = await sale.hold([{ n: 0 }]);
      await sale.change(unpaid.id, 'pay');
      await sale.age(unpaid, 901);
      await sale.expects(sale.extend(unpaid.id), 'hold_expired');
      assert.equal((await sale.booking(unpaid.id)).status, 'expired');
      await sale.expects(sale.extend(extended.id), 'hold_expired');
    },
  },
  {
    name: 'an extension adds the time of a hold once, until the sale ends at most',
    async run(sale) {
      const bystander = await sale.hold([{ n: 5 }]);
      const held = await sale.hold([{ n: 0 }]);
      await sale.expects(sale.extend(held.id, randomUUID()), 'not_found');
      await sale.expects(sale.extend(held.id, held.user), 'ok');
      const booking = await sale.booking(held.id);
      near(booking.left, 1200);
      near(booking.held, 1200);
      assert.deepEqual([booking.extended, booking.version], [true, 2]);
      await tellsOfSeat0Alone(sale, 1200);
      await untouched(sale, bystander);
      assert.deepEqual((await sale.facts(held.id)).map(({ type, version }) => [type, version]).at(-1), [
        'booking.extended',
        2,
      ]);
      await sale.expects(sale.extend(held.id), 'already_extended');
      const late = await sale.hold([{ n: 1 }]);
      await sale.set(`sale_until = clock_timestamp() + interval '700 s'`);
      await sale.expects(sale.extend(late.id), 'ok');
      near((await sale.booking(late.id)).left, 700);
      const later = await sale.hold([{ n: 2 }]);
      await sale.rows(
        'UPDATE inventory SET sale_until = (SELECT expires_at FROM booking WHERE id = $2) WHERE event_id = $1',
        [sale.event, later.id],
      );
      await sale.expects(sale.extend(later.id), 'sale_closed');
      await sale.expects(sale.change(later.id, 'release'), 'ok');
      await sale.expects(sale.extend(later.id), 'not_held');
    },
  },
  {
    name: 'a release before this one extends by the time of a hold, once',
    async run(sale) {
      const bystander = await sale.hold([{ n: 5 }]);
      const held = await sale.hold([{ n: 0 }]);
      await sale.expects(sale.change(held.id, 'extend', { user: held.user }), 'ok');
      near((await sale.booking(held.id)).left, 1200);
      near((await sale.booking(held.id)).held, 1200);
      await tellsOfSeat0Alone(sale, 1200);
      await untouched(sale, bystander);
      await sale.expects(sale.change(held.id, 'extend'), 'already_extended');
      await sale.expects(sale.change(held.id, 'pay'), 'ok');
      await sale.expects(sale.change(held.id, 'extend'), 'not_held');
    },
  },
  {
    name: 'payment: three tries, seats held until its deadline, two minutes after a decline',
    async run(sale) {
      const held = await sale.hold([{ n: 0 }, { area: 0 }]);
      await sale.age(held, 570);
      await sale.expects(sale.change(held.id, 'decline'), 'not_paying');
      await sale.expects(sale.change(held.id, 'confirm'), 'not_paying');
      await sale.expects(sale.change(held.id, 'pay', { seconds: 900 }), 'ok');
      let booking = await sale.booking(held.id);
      near(booking.left, 900);
      near(booking.held, 30);
      assert.deepEqual([booking.status, booking.tries], ['paying', 1]);
      await tellsOfSeat0Alone(sale, 900);
      assert.deepEqual((await sale.facts(held.id)).at(-1)!.data.try, 1);
      await sale.expects(sale.change(held.id, 'pay'), 'not_held');
      // Past the time of the hold, within that of the payment.
      await sale.age(held, 60);
      await sale.expects(sale.extend(held.id), 'not_held');
      await sale.expects(sale.change(held.id, 'decline'), 'ok');
      booking = await sale.booking(held.id);
      near(booking.left, 120);
      near(booking.held, 120);
      near((await sale.feed()).held, 120);
      assert.equal(booking.status, 'held');
      await sale.expects(sale.change(held.id, 'pay', { seconds: 10 }), 'ok');
      near((await sale.booking(held.id)).left, 120);
      await sale.expects(sale.change(held.id, 'decline'), 'ok');
      await sale.expects(sale.change(held.id, 'pay'), 'ok');
      await sale.expects(sale.change(held.id, 'decline'), 'ok');
      await sale.expects(sale.change(held.id, 'pay'), 'too_many_tries');
      await sale.set(`status = 'cancelled'`);
      const other = await sale.rows('SELECT 1 FROM fact WHERE stream_id = $1', [held.id]);
      assert.equal(other.length, 7);
    },
  },
  {
    name: 'a decline leaves the longer of what was left and two minutes',
    async run(sale) {
      const held = await sale.hold([{ n: 0 }]);
      await sale.expects(sale.change(held.id, 'pay'), 'ok');
      await sale.expects(sale.change(held.id, 'decline'), 'ok');
      near((await sale.booking(held.id)).left, 600);
      await sale.set(`status = 'cancelled'`);
      await sale.expects(sale.change(held.id, 'pay'), 'event_ended');
    },
  },
  {
    name: 'a confirmation sells, also past the deadline, unless the event is over or called off',
    async run(sale) {
      const held = await sale.hold([{ n: 0 }, { area: 0 }]);
      await sale.expects(sale.change(held.id, 'pay'), 'ok');
      await sale.set(`ends_at = clock_timestamp()`);
      await sale.expects(sale.change(held.id, 'confirm'), 'event_ended');
      await sale.set(`ends_at = clock_timestamp() + interval '1 h', status = 'cancelled'`);
      await sale.expects(sale.change(held.id, 'confirm'), 'event_ended');
      await sale.set(`status = 'published'`);
      await sale.age(held, 2_000);
      await sale.expects(sale.change(held.id, 'confirm'), 'ok');
      assert.equal(await sale.seats(0, 0), 's');
      assert.deepEqual(await sale.area(), { held: 0, booked: 1 });
      assert.equal((await sale.booking(held.id)).status, 'confirmed');
      assert.deepEqual(
        (await sale.items(held.id)).map(({ status }) => status),
        ['confirmed', 'confirmed'],
      );
      const told = await sale.feed();
      assert.deepEqual([told.changes, told.areas], [[2], [0, 0, 1]]);
      const { rows } = {
        rows: await sale.rows<{ hold_until: null; booking_id: string }>(
          'SELECT hold_until, booking_id FROM seat WHERE event_id = $1 AND n = 0',
          [sale.event],
        ),
      };
      assert.deepEqual(rows, [{ hold_until: null, booking_id: held.id }]);
      await sale.expects(sale.change(held.id, 'release'), 'not_held');
    },
  },
  {
    name: 'tickets are given back by item: seats are free when the money is accepted',
    async run(sale) {
      const bystander = await sale.sell([{ n: 5 }]);
      const sold = await sale.sell([{ n: 0 }, { n: 1 }, { area: 0 }]);
      await sale.expects(sale.change(sold.id, 'cancelled'), 'not_cancelling');
      const [first, second, third] = sold.items as [string, string, string];
      for (const foreign of [randomUUID(), bystander.items[0]!])
        await sale.expects(
          sale.change(sold.id, 'cancel', { items: [first, foreign] }),
          'items_not_confirmed',
        );
      await sale.expects(sale.change(sold.id, 'cancel', { items: [first] }), 'ok');
      assert.equal((await sale.booking(sold.id)).status, 'confirmed');
      assert.equal(await sale.seats(0, 1), 'ss');
      await sale.expects(sale.change(sold.id, 'cancel', { items: [first] }), 'items_not_confirmed');
      await sale.expects(sale.change(sold.id, 'cancel', { items: [second, third] }), 'ok');
      assert.equal((await sale.booking(sold.id)).status, 'cancelling');
      assert.deepEqual(await sale.area(), { held: 0, booked: 1 });
      await sale.expects(sale.change(sold.id, 'cancelled', { items: [first] }), 'ok');
      assert.equal(await sale.seats(0, 1), 'fs');
      assert.deepEqual((await sale.facts(sold.id)).at(-1)!.data, { items: [first] });
      assert.equal((await sale.booking(sold.id)).status, 'cancelling');
      await sale.expects(sale.change(sold.id, 'cancelled'), 'ok');
      assert.equal((await sale.booking(sold.id)).status, 'cancelled');
      assert.equal(await sale.seats(0, 1), 'ff');
      assert.deepEqual(await sale.area(), { held: 0, booked: 0 });
      const told = await sale.feed();
      assert.deepEqual([told.changes, told.areas], [[4], [0, 0, 0]]);
      assert.deepEqual((await sale.facts(sold.id)).at(-1)!.data, {});
      assert.deepEqual(
        (await sale.facts(sold.id)).map(({ type }) => type.slice(8)),
        ['held', 'paying', 'confirmed', 'cancelling', 'cancelling', 'cancelled', 'cancelled'],
      );
      await sale.expects(sale.change(sold.id, 'cancel'), 'not_confirmed');
      const [bookings] = await sale.rows<{ kept: number }>(
        'SELECT count(*)::int AS kept FROM seat WHERE event_id = $1 AND booking_id IS NOT NULL AND booking_id <> $2',
        [sale.event, bystander.id],
      );
      assert.equal(bookings!.kept, 0);
      assert.equal((await sale.booking(bystander.id)).status, 'confirmed');
    },
  },
  {
    name: 'places without any seat are given back and told of, too',
    async run(sale) {
      const sold = await sale.sell([{ area: 0 }, { area: 0 }]);
      await sale.expects(sale.change(sold.id, 'cancel'), 'ok');
      const { seq } = await sale.feed();
      await sale.expects(sale.change(sold.id, 'cancelled'), 'ok');
      const told = await sale.feed();
      assert.deepEqual([told.seq, told.changes, told.areas], [seq + 1, [], [0, 0, 0]]);
      await sale.expects(sale.change(sold.id, 'cancelled'), 'not_cancelling');
    },
  },
  {
    name: 'the sweeper ends what is overdue, the oldest first, as many as it is told',
    async run(sale) {
      const holds = [];
      for (const n of [0, 1, 2, 3]) holds.push(await sale.hold(n === 1 ? [{ n }, { area: 0 }] : [{ n }]));
      // Its payment was due last, although it has been held for the longest time.
      const unpaid = await sale.hold([{ n: 9 }]);
      await sale.expects(sale.change(unpaid.id, 'pay'), 'ok');
      await sale.age(unpaid, 905);
      await sale.age(holds[0]!, 610);
      await sale.age(holds[1]!, 630);
      await sale.age(holds[2]!, 620);
      const sweep = (limit: number) => sale.call('inventory_sweep_v1', sale.event, 0, limit);
      assert.equal((await sale.expects(sweep(2), 'ok')).ended, 2);
      assert.equal(await sale.seats(0, 9), 'hffhfffffh');
      const told = await sale.feed();
      assert.deepEqual(
        [told.changes, told.areas],
        [
          [4, 8],
          [0, 0, 0],
        ],
      );
      assert.equal((await sweep(5)).ended, 2);
      const seq = (await sale.feed()).now;
      const none = await sweep(5);
      assert.equal(none.ended, 0);
      assert.equal((await sale.feed()).now, seq);
      await sale.expects(sale.change(holds[3]!.id, 'pay'), 'ok');
      await sale.age(holds[3]!, 650);
      assert.equal((await sweep(5)).ended, 0);
      await sale.age(holds[3]!, 251);
      await sale.join();
      assert.equal((await sweep(5)).ended, 1);
      assert.equal(await sale.seats(0, 3), 'fffk');
    },
  },
  {
    name: 'the feed: rows after a number, none when there are too many, none when nothing is new',
    async run(sale) {
      const [first, second] = [await sale.hold([{ n: 0 }]), await sale.hold([{ n: 1 }])];
      const { seq } = await sale.one<{ seq: number }>(
        'SELECT seq::int AS seq FROM inventory WHERE event_id = $1',
        [sale.event],
      );
      const since = async (from: number, to = seq) =>
        (
          await sale.one<{ rows: unknown[][] | null }>('SELECT feed_since_v1($1, $2, $3) AS rows', [
            sale.event,
            from,
            to,
          ])
        ).rows;
      assert.deepEqual(
        (await since(seq - 2))!.map(([no, changes]) => [no, changes]),
        [
          [seq - 1, [1]],
          [seq, [5]],
        ],
      );
      assert.deepEqual(await since(seq), []);
      assert.equal(await since(seq, seq + 501), null);
      assert.deepEqual(await since(seq, seq + 500), []);
      const [row] = (await since(seq - 1))!;
      near((row![3] as number) / 1_000 - Date.now() / 1_000, 600);
      assert.ok(first && second);
      await sale.rows('UPDATE price_tier SET price = 5500 WHERE event_id = $1 AND category = 0', [
        sale.event,
      ]);
      const feed = await sale.feed();
      assert.deepEqual([feed.changes, feed.now], [[], seq + 1]);
      const inventory = await sale.one<{
        category_prices: string[];
        area_prices: string[];
        price_version: number;
      }>('SELECT category_prices, area_prices, price_version FROM inventory WHERE event_id = $1', [
        sale.event,
      ]);
      assert.deepEqual(
        [inventory.category_prices.map(Number), inventory.area_prices.map(Number)],
        [[5500, 3000], [2000]],
      );
      await sale.rows('DELETE FROM price_tier WHERE event_id = $1 AND category = 0', [sale.event]);
      const after = await sale.one<{ category_prices: (string | null)[]; price_version: number }>(
        'SELECT category_prices, price_version FROM inventory WHERE event_id = $1',
        [sale.event],
      );
      assert.deepEqual(
        [after.category_prices, after.price_version],
        [[null, '3000'], inventory.price_version + 1],
      );
      await sale.rows(
        `UPDATE event SET sale_starts_at = NULL, sale_ends_at = NULL, hold_seconds = 77, max_seats_per_booking = 3, max_seats_per_buyer = 4
         WHERE id = $1`,
        [sale.event],
      );
      const changed = await sale.one(
        `SELECT sale_from = '-infinity' AS "from", sale_until = ends_at AS until, hold_seconds, max_per_booking, max_per_buyer,
                i.ends_at = (SELECT ends_at FROM event WHERE id = $1) AS ends FROM inventory i WHERE event_id = $1`,
        [sale.event],
      );
      assert.deepEqual(changed, {
        from: true,
        until: true,
        hold_seconds: 77,
        max_per_booking: 3,
        max_per_buyer: 4,
        ends: true,
      });
    },
  },
  {
    name: 'a late payment gets its own seats back while nobody has them, or others of their kind at their price',
    async run(sale) {
      const late = async (items: { n?: number; area?: number }[]) => {
        const held = await sale.hold(items);
        await sale.age(held, 601);
        await sale.call('inventory_sweep_v1', sale.event, 0, 100);
        return held;
      };
      const ids = () => Array.from({ length: 6 }, () => randomUUID());
      const same = await late([{ n: 0 }, { n: 1 }, { area: 0 }]);
      await sale.expects(sale.restore(same.id, null), 'ok');
      assert.equal(await sale.seats(0, 1), 'ss');
      assert.deepEqual(await sale.area(), { held: 0, booked: 1 });
      const restored = (await sale.facts(same.id)).at(-1)!;
      assert.deepEqual([restored.type, restored.data], ['booking.restored', {}]);
      await sale.expects(sale.restore(same.id, null), 'not_expired');

      const apart = await late([{ n: 2 }, { n: 14 }]);
      await sale.hold([{ n: 2 }]);
      await sale.expects(sale.restore(apart.id, null), 'seats_lost');
      await sale.rows('UPDATE price_tier SET price = 9900 WHERE event_id = $1 AND category = 0', [
        sale.event,
      ]);
      const news = ids();
      await sale.expects(sale.restore(apart.id, news), 'ok');
      const items = (await sale.items(apart.id)).filter(({ status }) => status === 'confirmed');
      assert.deepEqual(
        items.map(({ n, price }) => [n, price]),
        [
          [3, 5000],
          [14, 3000],
        ],
      );
      const fact = (await sale.facts(apart.id)).at(-1)!;
      assert.equal(fact.type, 'booking.replaced');
      assert.deepEqual(fact.data.added, [[news[0], 3, null, 5000]]);
      assert.equal((fact.data.items as unknown[]).length, 1);

      const together = await late([{ n: 4 }, { n: 5 }]);
      await sale.hold([{ n: 5 }]);
      await sale.expects(sale.restore(together.id, ids()), 'ok');
      const moved = (await sale.items(together.id))
        .filter(({ status }) => status === 'confirmed')
        .map(({ n }) => n);
      assert.deepEqual(moved, [6, 7]);
      assert.equal(await sale.seats(0, 8), 'sshsfhssf');
      const lost = await late([{ n: 8 }, { n: 15 }]);
      await sale.set(`ends_at = clock_timestamp()`);
      await sale.expects(sale.restore(lost.id, null), 'event_ended');
      await sale.set(`ends_at = clock_timestamp() + interval '1 h', status = 'cancelled'`);
      await sale.expects(sale.restore(lost.id, null), 'event_ended');
    },
  },
  {
    name: 'a late payment finds places only where there are any, within what a buyer may have, from lapsed holds too',
    async run(sale) {
      const user = randomUUID();
      const late = await sale.hold([{ area: 0 }, { area: 0 }, { n: 0 }], { user });
      await sale.age(late, 601);
      await sale.call('inventory_sweep_v1', sale.event, 0, 100);
      const other = await sale.hold([{ area: 0 }, { area: 0 }, { area: 0 }, { area: 0 }]);
      await sale.expects(sale.restore(late.id, null), 'seats_lost');
      assert.equal(await sale.seats(0, 0), 'f');
      const more = await sale.hold(
        [10, 11, 12, 13, 14, 15].map((n) => ({ n })),
        { user },
      );
      await sale.age(other, 601);
      await sale.expects(sale.restore(late.id, null), 'buyer_limit_reached');
      await sale.age(more, 601);
      const lapsed = await sale.hold([{ n: 0 }, { n: 3 }]);
      await sale.age(lapsed, 601);
      await sale.hold(
        [10, 11, 12, 13, 14].map((n) => ({ n })),
        { user },
      );
      await sale.expects(sale.restore(late.id, null), 'ok');
      const told = await sale.feed();
      assert.deepEqual(
        [told.changes, told.areas],
        [
          [2, 12],
          [0, 0, 2],
        ],
      );
      assert.deepEqual(await sale.area(), { held: 0, booked: 2 });
      assert.deepEqual(
        [(await sale.booking(other.id)).status, (await sale.booking(lapsed.id)).status],
        ['expired', 'expired'],
      );
      assert.equal(await sale.seats(0, 0), 's');
    },
  },
  {
    name: 'a late payment comes after people who wait',
    async run(sale) {
      const late = await sale.hold([{ n: 0 }]);
      await sale.age(late, 601);
      await sale.call('inventory_sweep_v1', sale.event, 0, 100);
      const other = await sale.hold([{ n: 0 }]);
      await sale.join();
      await sale.age(other, 630);
      await sale.expects(sale.restore(late.id, null), 'seats_lost');
      await sale.set(`ends_at = clock_timestamp() - interval '10 s'`);
      await sale.expects(sale.restore(late.id, null), 'event_ended');
    },
  },
  {
    name: 'a late payment while people wait tells of the places of a hold that gives way',
    async run(sale) {
      const late = await sale.hold([{ n: 2 }]);
      await sale.age(late, 601);
      await sale.call('inventory_sweep_v1', sale.event, 0, 100);
      const other = await sale.hold([{ n: 2 }, { area: 0 }]);
      await sale.join();
      await sale.age(other, 670);
      await sale.expects(sale.restore(late.id, null), 'ok');
      const told = await sale.feed();
      assert.deepEqual([told.changes, told.areas], [[10], [0, 0, 0]]);
    },
  },
  {
    name: 'a late payment confirms its own booking alone, and replaces each lost seat at the price of that one',
    async run(sale) {
      const bystander = await sale.hold([{ n: 19 }]);
      await sale.expects(sale.change(bystander.id, 'pay'), 'ok');
      await sale.expects(sale.change(bystander.id, 'decline'), 'ok');
      await lapse(sale, bystander);
      const late = await sale.hold([{ n: 1 }, { n: 2 }, { n: 4 }, { n: 5 }, { n: 14 }]);
      await lapse(sale, late);
      await sale.rows(
        `UPDATE booking_item SET price = CASE n WHEN 2 THEN 4000 ELSE 4500 END WHERE booking_id = $1 AND n IN (2, 5)`,
        [late.id],
      );
      await sale.hold([2, 5, 14].map((n) => ({ n })));
      const { version } = await sale.booking(late.id);
      const news = Array.from({ length: 5 }, () => randomUUID());
      await sale.expects(sale.restore(late.id, news), 'ok');
      const booking = await sale.booking(late.id);
      assert.deepEqual([booking.status, booking.version], ['confirmed', version + 1]);
      assert.equal((await sale.booking(bystander.id)).status, 'expired');
      const standing = (await sale.items(late.id)).filter(({ status }) => status === 'confirmed');
      assert.deepEqual(
        standing.map(({ n, price }) => [n, price]),
        [
          [1, 5000],
          [4, 5000],
          [6, 4000],
          [7, 4500],
          [10, 3000],
        ],
      );
      const fact = (await sale.facts(late.id)).at(-1)!;
      assert.deepEqual(
        [fact.version, fact.data.added],
        [
          version + 1,
          [
            [news[0], 6, null, 4000],
            [news[1], 7, null, 4500],
            [news[2], 10, null, 3000],
          ],
        ],
      );
      const kept = [late.items[0]!, late.items[2]!];
      assert.deepEqual(fact.data.items, kept.toSorted());
      assert.equal(await sale.seats(), 'fshfshssffsfffhffffff');
    },
  },
  {
    name: 'a late payment that was for neighbours gets neighbours or nothing, and other seats are replaced one by one',
    async run(sale) {
      const ids = () => Array.from({ length: 2 }, () => randomUUID());
      const late = await sale.hold([{ n: 4 }, { n: 5 }]);
      await lapse(sale, late);
      await sale.hold([1, 3, 5, 6].map((n) => ({ n })));
      const between = await sale.hold([{ n: 8 }]);
      await sale.expects(sale.restore(late.id, ids()), 'seats_lost');
      await sale.expects(sale.change(between.id, 'release'), 'ok');
      await sale.expects(sale.restore(late.id, ids()), 'ok');
      assert.equal(await sale.seats(0, 9), 'fhfhfhhssf');
      const apart = await sale.hold([{ n: 11 }, { n: 13 }]);
      await lapse(sale, apart);
      await sale.hold([11, 12, 14].map((n) => ({ n })));
      await sale.expects(sale.restore(apart.id, ids()), 'ok');
      assert.equal(await sale.seats(13, 13), 's');
    },
  },
  {
    name: 'a late payment takes the last places, ends only holds that have lapsed where it needs room, and else tells what it ended',
    async run(sale) {
      await sale.rows(
        `INSERT INTO price_tier (event_id, no, name, price, category, area, applies_to) VALUES ($1, 3, 'Balcony', 1000, NULL, 1, 'Balcony')`,
        [sale.event],
      );
      const late = await sale.hold([{ n: 0 }, { area: 0 }, { area: 0 }]);
      const larger = await sale.hold([{ area: 0 }, { area: 0 }, { area: 0 }]);
      await lapse(sale, late);
      await lapse(sale, larger);
      await sale.sell([{ area: 0 }, { area: 0 }]);
      const paying = await sale.hold([{ area: 0 }]);
      await sale.expects(sale.change(paying.id, 'pay'), 'ok');
      await sale.age(paying, 901);
      const live = await sale.hold([{ area: 0 }]);
      const elsewhere = [await sale.hold([{ n: 7 }]), await sale.hold([{ area: 1 }])];
      for (const held of elsewhere) await sale.age(held, 601);

      await sale.expects(sale.restore(larger.id, null), 'seats_lost');
      const freed = await sale.feed();
      assert.deepEqual([freed.changes, freed.areas], [[], [0, 1, 2]]);
      assert.equal((await sale.booking(paying.id)).status, 'expired');
      for (const { id } of elsewhere) assert.equal((await sale.booking(id)).status, 'held');

      const fits = await sale.expects(sale.restore(late.id, null), 'ok');
      assert.equal(fits.seq, freed.seq + 1);
      assert.deepEqual(await sale.area(), { held: 1, booked: 4 });
      assert.equal((await sale.booking(live.id)).status, 'held');

      const full = await sale.hold([{ n: 3 }]);
      await lapse(sale, full);
      await sale.rows(
        `INSERT INTO booking_item (event_id, booking_id, id, area, price, status) VALUES ($1, $2, $3, 0, 2000, 'expired')`,
        [sale.event, full.id, randomUUID()],
      );
      const inTheWay = await sale.hold([{ n: 3 }]);
      await sale.age(inTheWay, 601);
      await sale.expects(sale.restore(full.id, null), 'seats_lost');
      const told = await sale.feed();
      assert.deepEqual([told.changes, told.areas], [[12], []]);
    },
  },
  {
    name: 'a late payment while people wait counts by the present for what was kept, and leaves strangers their minute',
    async run(sale) {
      const user = randomUUID();
      const late = await sale.hold([{ n: 0 }, { area: 0 }, { area: 0 }], { user });
      const moved = await sale.hold([{ n: 1 }]);
      for (const held of [late, moved]) await lapse(sale, held);
      await sale.hold([{ n: 1 }]);
      const own = await sale.hold(
        [10, 11, 12, 13, 14, 15].map((n) => ({ n })),
        { user },
      );
      const stranger = await sale.hold([{ area: 0 }]);
      const paying = await sale.hold([{ area: 0 }]);
      await sale.expects(sale.change(paying.id, 'pay'), 'ok');
      await sale.join();
      // Kept until ten seconds ago: seat 0, seat 2, and two places.
      await sale.rows(
        `UPDATE seat SET state = ${SEAT.HELD}, hold_until = clock_timestamp() - interval '10 s' WHERE event_id = $1 AND n IN (0, 2)`,
        [sale.event],
      );
      await sale.rows(`UPDATE area SET held = held + 2 WHERE event_id = $1 AND area = 0`, [sale.event]);
      await sale.rows(
        `INSERT INTO area_kept (event_id, area, until, quantity) VALUES ($1, 0, clock_timestamp() - interval '10 s', 2)`,
        [sale.event],
      );
      await sale.age(own, 630);
      await sale.age(stranger, 630);
      await sale.age(paying, 930);
      await sale.expects(sale.restore(late.id, null), 'ok');
      assert.deepEqual(await sale.area(), { held: 2, booked: 2 });
      assert.equal((await sale.booking(stranger.id)).status, 'held');
      assert.equal((await sale.booking(paying.id)).status, 'paying');
      near((await sale.feed()).age, 0);
      await sale.expects(sale.restore(moved.id, [randomUUID()]), 'ok');
      assert.equal(await sale.seats(0, 3), 'shsf');
    },
  },
  {
    name: 'a late payment while people wait may take what was kept for one lost seat, and tells at present what it ended in vain',
    async run(sale) {
      const apart = await sale.hold([{ n: 1 }, { n: 11 }]);
      const inVain = await sale.hold([{ n: 19 }, { area: 0 }]);
      for (const held of [apart, inVain]) await lapse(sale, held);
      await sale.hold([{ n: 1 }, ...Array.from({ length: 4 }, () => ({ area: 0 }))]);
      await sale.hold([{ area: 0 }]);
      const lapsed = await sale.hold([{ n: 19 }]);
      await sale.join();
      const { seq } = await sale.feed();
      await sale.age(lapsed, 700);
      await sale.expects(sale.restore(inVain.id, null), 'seats_lost');
      const told = await sale.feed();
      assert.deepEqual([told.seq, told.changes], [seq + 1, [76]]);
      near(told.age, 0);
      await sale.rows(
        `UPDATE seat SET state = CASE n WHEN 2 THEN ${SEAT.HELD} ELSE ${SEAT.BLOCKED} END,
                         hold_until = CASE n WHEN 2 THEN clock_timestamp() - interval '10 s' END
         WHERE event_id = $1 AND n < 10 AND n <> 1`,
        [sale.event],
      );
      await sale.expects(sale.restore(apart.id, [randomUUID()]), 'ok');
      assert.equal(await sale.seats(0, 11), 'ohsooooooofs');
    },
  },
];

/** The feed has told of seat 0 last, held for so many seconds, and of nothing else. */
async function tellsOfSeat0Alone(sale: SqlSale, seconds: number): Promise<void> {
  const { changes, areas, kept, held } = await sale.feed();
  assert.deepEqual([changes, areas, kept], [[SEAT.HELD], [], []]);
  near(held, seconds);
}

/** As it was when it was held, in its seats too. */
async function untouched(sale: SqlSale, { id }: Held): Promise<void> {
  const { left, version, extended } = await sale.booking(id);
  assert.deepEqual([version, extended], [1, false]);
  near(left, 600);
  const [seat] = await sale.rows<{ left: number }>(
    'SELECT extract(epoch FROM hold_until - clock_timestamp())::float8 AS left FROM seat WHERE booking_id = $1',
    [id],
  );
  near(seat!.left, 600);
}

/** A hold whose time is over and that the sweep has ended. */
async function lapse(sale: SqlSale, held: Held): Promise<void> {
  await sale.age(held, 1_000);
  await sale.call('inventory_sweep_v1', sale.event, 0, 100);
}
