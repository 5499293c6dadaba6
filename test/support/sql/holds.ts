import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import { type Check, near, SqlSale } from './sale.js';

const best = (quantity: number) => Array.from({ length: quantity }, () => ({}));

export const holdChecks: Check[] = [
  {
    name: 'a hold takes seats and places at their prices, until its time, and tells of it once',
    async run(sale) {
      const { held, rows, seq } = await sale.batch([{ items: [{ n: 3 }, { area: 0 }, { n: 12 }] }], 0);
      const [hold] = held;
      assert.equal(hold!.outcome, 'held');
      assert.deepEqual(hold!.prices, [5000, 2000, 3000]);
      assert.equal(await sale.seats(), 'fffhffffffffhffffffff');
      assert.deepEqual(await sale.area(), { held: 1, booked: 0 });
      const booking = await sale.booking(hold!.id);
      assert.deepEqual([booking.status, booking.version, booking.tries], ['held', 1, 0]);
      near(booking.left, 600);
      near(booking.held, 600);
      const [fact] = await sale.facts(hold!.id);
      assert.equal(fact!.type, 'booking.held');
      assert.equal(fact!.data.total, 10_000);
      assert.equal((fact!.data.items as unknown[]).length, 3);
      assert.equal(fact!.actor, hold!.user);
      const feed = await sale.feed();
      assert.deepEqual(
        feed.changes.toSorted((a, b) => a - b),
        [13, 49],
      );
      assert.deepEqual(feed.areas, [0, 1, 0]);
      near(feed.held, 600);
      assert.deepEqual([feed.seq, feed.now], [Number(seq), Number(seq)]);
      assert.equal(rows!.length, Number(seq));
      const [{ total }] = (await sale.rows<{ total: number }>(
        'SELECT total::int AS total FROM booking WHERE id = $1',
        [hold!.id],
      )) as [{ total: number }];
      assert.equal(total, 10_000);
    },
  },
  {
    name: 'a hold is refused as a whole, by name',
    async run(sale) {
      await sale.hold([{ n: 0 }]);
      const seq = (await sale.feed()).now;
      assert.equal(await sale.outcome([{ n: 0 }, { n: 1 }]), 'seats_taken');
      assert.equal(await sale.outcome([{ n: 99 }, { n: 1 }]), 'unknown_seats');
      assert.equal(await sale.outcome([{ n: 20 }, { n: 1 }]), 'seat_not_priced');
      assert.equal(await sale.outcome([{ area: 9 }]), 'unknown_area');
      assert.equal(await sale.outcome([{ area: 1 }]), 'seat_not_priced');
      assert.equal(await sale.outcome(best(7).map(() => ({ area: 0 }))), 'too_many_seats');
      assert.equal(await sale.outcome(best(6).map(() => ({ area: 0 }))), 'area_full');
      assert.equal(await sale.outcome(best(5).map(() => ({ area: 0 }))), 'held');
      assert.equal(await sale.outcome([{ area: 0 }]), 'area_full');
      assert.equal(await sale.seats(), 'hffffffffffffffffffff');
      assert.equal((await sale.feed()).now, seq + 1);
      const { conflicts } = await sale.batch([{ items: [{ n: 0 }, { n: 2 }] }]);
      assert.deepEqual(conflicts, [0]);
    },
  },
  {
    name: 'nothing is held before the sale, at its end or after it, nor when the event is over or called off',
    async run(sale) {
      const free = [{ n: 5 }];
      await sale.set(`sale_from = clock_timestamp() + interval '5 s'`);
      assert.equal(await sale.outcome(free), 'sale_closed');
      await sale.set(`sale_from = '-infinity', sale_until = clock_timestamp()`);
      assert.equal(await sale.outcome(free), 'sale_closed');
      await sale.set(`sale_until = clock_timestamp() + interval '1 day', ends_at = clock_timestamp()`);
      assert.equal(await sale.outcome(free), 'event_ended');
      await sale.set(`ends_at = clock_timestamp() + interval '1 day', status = 'cancelled'`);
      assert.equal(await sale.outcome(free), 'event_ended');
      await sale.set(`status = 'published'`);
      assert.equal(await sale.outcome(free), 'held');
      const other = randomUUID();
      const row = await sale.one<{ outcomes: number[] }>(
        `SELECT outcomes FROM hold_batch_v1($1, 0, ARRAY[$1]::uuid[], ARRAY[$1]::uuid[], '{x}', '{NULL}', '{NULL}', '{NULL}', '{1}',
           ARRAY[$1]::uuid[], '{1}', '{NULL}', '{}')`,
        [other],
      );
      assert.deepEqual(row.outcomes, [4]);
    },
  },
  {
    name: 'a buyer has at most so many seats of an event: held and sold count, lapsed and given back do not',
    async run(sale) {
      const user = randomUUID();
      const first = await sale.hold(
        best(4).map((_, n) => ({ n })),
        { user },
      );
      assert.equal(
        await sale.outcome(
          best(5).map((_, n) => ({ n: n + 10 })),
          { user },
        ),
        'buyer_limit_reached',
      );
      const second = await sale.sell([{ n: 10 }, { n: 11 }, { n: 12 }, { n: 13 }], { user });
      assert.equal(await sale.outcome([{ n: 14 }], { user }), 'buyer_limit_reached');
      assert.equal(await sale.outcome([{ n: 14 }]), 'held');
      await sale.age(first, 601);
      assert.equal(await sale.outcome([{ n: 4 }, { n: 5 }, { n: 6 }, { n: 7 }], { user }), 'held');
      await sale.change(second.id, 'cancel');
      assert.equal(await sale.outcome([{ n: 15 }], { user }), 'buyer_limit_reached');
      await sale.change(second.id, 'cancelled');
      assert.equal(await sale.outcome([{ n: 15 }], { user }), 'held');
      const payer = await sale.hold([{ area: 0 }, { area: 0 }, { area: 0 }, { area: 0 }]);
      await sale.change(payer.id, 'pay');
      await sale.age(payer, 650);
      assert.equal(
        await sale.outcome(
          [16, 17, 18, 19, 8].map((n) => ({ n })),
          { user: payer.user },
        ),
        'buyer_limit_reached',
      );
      const both = await sale.batch([
        { user, items: [{ n: 16 }, { n: 17 }] },
        { user, items: [{ n: 18 }, { n: 19 }] },
      ]);
      assert.deepEqual(
        both.held.map(({ outcome }) => outcome),
        ['held', 'buyer_limit_reached'],
      );
    },
  },
  {
    name: 'the first buyer after the deadline takes a lapsed seat, and its whole booking ends',
    async run(sale) {
      const lapsed = await sale.hold([{ n: 0 }, { n: 1 }, { area: 0 }]);
      await sale.age(lapsed, 599);
      assert.equal(await sale.outcome([{ n: 0 }]), 'seats_taken');
      await sale.age(lapsed, 2);
      await sale.hold([{ n: 0 }]);
      assert.equal((await sale.booking(lapsed.id)).status, 'expired');
      assert.equal(await sale.seats(0, 2), 'hff');
      assert.deepEqual(await sale.area(), { held: 0, booked: 0 });
      assert.deepEqual(
        (await sale.items(lapsed.id)).map(({ status }) => status),
        ['expired', 'expired', 'expired'],
      );
      assert.deepEqual(
        (await sale.facts(lapsed.id)).map(({ type }) => type),
        ['booking.held', 'booking.expired'],
      );
      const feed = await sale.feed();
      assert.deepEqual(
        feed.changes.toSorted((a, b) => a - b),
        [1, 4],
      );
      assert.deepEqual(feed.areas, [0, 0, 0]);
    },
  },
  {
    name: 'places of lapsed holds are found when an area is full, once a batch',
    async run(sale) {
      const lapsed = await sale.hold(best(5).map(() => ({ area: 0 })));
      assert.equal(await sale.outcome([{ area: 0 }]), 'area_full');
      await sale.age(lapsed, 601);
      const { held } = await sale.batch([
        { items: best(3).map(() => ({ area: 0 })) },
        { items: best(3).map(() => ({ area: 0 })) },
        { items: best(2).map(() => ({ area: 0 })) },
      ]);
      assert.deepEqual(
        held.map(({ outcome }) => outcome),
        ['held', 'area_full', 'held'],
      );
      assert.deepEqual(await sale.area(), { held: 5, booked: 0 });
      assert.equal((await sale.booking(lapsed.id)).status, 'expired');
    },
  },
  {
    name: 'a batch: what earlier requests won is gone for later ones, what they lost is not',
    async run(sale) {
      const places = (quantity: number) => best(quantity).map(() => ({ area: 0 }));
      const only = await sale.hold([{ n: 19 }]);
      await sale.age(only, 601);
      const lapsed = await sale.hold([{ n: 0 }, ...places(3)]);
      await sale.age(lapsed, 601);
      const { held } = await sale.batch([
        { items: [{ n: 99 }, { area: 0 }] },
        { items: places(2) },
        { items: places(3) },
        { items: places(1) },
        { items: [{ n: 5 }] },
      ]);
      assert.deepEqual(
        held.map(({ outcome }) => outcome),
        ['unknown_seats', 'held', 'held', 'area_full', 'held'],
      );
      assert.equal((await sale.booking(only.id)).status, 'held');
      const two = await sale.batch([
        { items: [{ n: 1 }, { area: 1 }] },
        { items: best(1), best: { quantity: 1, categories: [0] } },
      ]);
      assert.deepEqual(
        two.held.map(({ outcome, seats }) => (outcome === 'held' ? seats : outcome)),
        ['seat_not_priced', [6]],
      );
      const user = randomUUID();
      const keyed = await sale.batch([
        { user, key: 'a', items: [{ n: 12 }] },
        { user, key: 'b', items: [{ n: 99 }] },
        { user, key: 'a', items: [{ n: 14 }] },
      ]);
      assert.deepEqual(
        keyed.held.map(({ outcome }) => outcome),
        ['held', 'unknown_seats', 'idempotency_in_flight'],
      );
      const mixed = await sale.batch([
        { items: [...best(2), { n: 17 }], best: { quantity: 2, together: true, categories: [1] } },
      ]);
      assert.equal(mixed.held[0]!.seats.length, 3);
    },
  },
  {
    name: 'seats that a full area frees are told of, also when nobody wins them',
    async run(sale) {
      const lapsed = await sale.hold([{ n: 0 }, { area: 0 }]);
      await sale.age(lapsed, 601);
      assert.equal(await sale.outcome(best(6).map(() => ({ area: 0 }))), 'area_full');
      assert.equal(await sale.seats(0, 0), 'f');
      const feed = await sale.feed();
      assert.deepEqual([feed.changes, feed.areas], [[0], [0, 0, 0]]);
    },
  },
  {
    name: 'without a limit of the buyer only that of the booking holds; places and picks go together',
    async run(sale) {
      await sale.set('max_per_buyer = NULL');
      const user = randomUUID();
      await sale.hold(
        [0, 1, 2, 3, 4, 5].map((n) => ({ n })),
        { user },
      );
      await sale.hold(
        [6, 7, 8, 10, 11].map((n) => ({ n })),
        { user },
      );
      assert.equal(await sale.outcome([12, 13, 14, 15, 16, 17, 18].map((n) => ({ n }))), 'too_many_seats');
      const { held } = await sale.batch([
        { items: [...best(2), { area: 0 }], best: { quantity: 2, together: true } },
      ]);
      assert.deepEqual(held[0]!.seats, [12, 13, null]);
      assert.deepEqual(held[0]!.prices, [3_000, 3_000, 2_000]);
    },
  },
  {
    name: 'while people wait, strangers come a minute later',
    async run(sale) {
      const lapsed = await sale.hold([{ n: 0 }]);
      await sale.join();
      await sale.age(lapsed, 630);
      assert.equal(await sale.outcome([{ n: 0 }]), 'seats_taken');
      await sale.age(lapsed, 31);
      assert.equal(await sale.outcome([{ n: 0 }]), 'held');
      await sale.rows(
        `UPDATE seat SET state = ${SEAT.HELD}, booking_id = NULL, hold_until = clock_timestamp() + $2::interval WHERE event_id = $1 AND n = 7`,
        [sale.event, '5 s'],
      );
      assert.equal(await sale.outcome([{ n: 7 }]), 'seats_taken');
      await sale.rows('UPDATE seat SET hold_until = clock_timestamp() WHERE event_id = $1 AND n = 7', [
        sale.event,
      ]);
      assert.equal(await sale.outcome([{ n: 7 }]), 'held');
      const seat = await sale.hold([{ n: 10 }]);
      const places = await sale.hold(best(5).map(() => ({ area: 0 })));
      await sale.age(seat, 630);
      await sale.age(places, 630);
      assert.deepEqual((await sale.hold(best(1), { best: { quantity: 1, categories: [1] } })).seats, [11]);
      assert.equal(await sale.outcome([{ area: 0 }]), 'area_full');
      const { now_ms, until_ms } = await sale.batch([{ items: [{ n: 8 }] }]);
      near(now_ms / 1_000 - Date.now() / 1_000, 0);
      near(until_ms / 1_000 - Date.now() / 1_000, 600);
      await sale.set(`sale_until = clock_timestamp() - interval '10 s'`);
      assert.equal(await sale.outcome([{ n: 15 }]), 'sale_closed');
      await sale.set(`ends_at = clock_timestamp() - interval '10 s'`);
      assert.equal(await sale.outcome([{ n: 15 }]), 'event_ended');
    },
  },
  {
    name: 'a key answers as before, refuses another body, and is free when nothing was held',
    async run(sale) {
      const user = randomUUID();
      assert.equal(await sale.outcome([{ n: 99 }], { user, key: 'k' }), 'unknown_seats');
      const first = await sale.hold([{ n: 0 }], { user, key: 'k' });
      const again = await sale.batch([{ user, key: 'k', items: [] }]);
      assert.equal(again.held[0]!.outcome, 'replay');
      assert.equal(again.replays!['1']!.id, first.id);
      assert.equal(await sale.outcome([], { user, key: 'k', hash: 'bb' }), 'idempotency_key_reused');
      assert.equal(await sale.outcome([{ n: 1 }], { key: 'k' }), 'held');
      await sale.set('sale_until = clock_timestamp()');
      assert.equal(await sale.outcome([], { user, key: 'k' }), 'replay');
      await sale.set(`sale_until = clock_timestamp() + interval '1 h'`);
      await sale.rows(
        `UPDATE idempotency_key SET created_at = created_at - interval '23 h' WHERE user_id = $1`,
        [user],
      );
      assert.equal(await sale.outcome([], { user, key: 'k' }), 'replay');
      await sale.rows(
        `UPDATE idempotency_key SET created_at = created_at - interval '2 h' WHERE user_id = $1`,
        [user],
      );
      assert.equal(await sale.outcome([{ n: 2 }], { user, key: 'k' }), 'held');
      const { seq } = await sale.batch([{ items: [{ n: 3 }] }], 0);
      const { rows } = await sale.batch([{ items: [{ n: 4 }] }], Number(seq) - 1);
      assert.deepEqual(
        rows!.map(([no]) => Number(no)),
        [Number(seq), Number(seq) + 1],
      );
    },
  },
  {
    name: 'best available: the tightest gap, no single seat left behind, accessible seats last',
    async run(sale) {
      const pick = async (wish: object, quantity: number) => {
        const { held } = await sale.batch([{ items: best(quantity), best: { quantity, ...wish } }]);
        return held[0]!.outcome === 'held' ? held[0]!.seats : held[0]!.outcome;
      };
      // Row 0: gaps 0-2, 4-7; row 1 whole.
      await sale.hold([{ n: 3 }, { n: 8 }]);
      assert.deepEqual(await pick({ together: true, categories: [0] }, 2), [4, 5]);
      assert.deepEqual(await pick({ together: true, categories: [0] }, 2), [6, 7]);
      assert.deepEqual(await pick({ together: true, categories: [0] }, 2), [0, 1]);
      assert.equal(await pick({ together: true, categories: [0] }, 3), 'sold_out');
      assert.equal(await pick({ together: true, categories: [0], quantity: 2 }, 2), 'no_adjacent_seats');
      assert.deepEqual(await pick({ together: false, categories: [0] }, 2), [2, 9]);
      assert.equal(await pick({ together: true, maxPrice: 2999 }, 2), 'sold_out');
      assert.deepEqual(await pick({ together: true, maxPrice: 3000 }, 2), [10, 11]);
      assert.deepEqual(await pick({ accessible: true }, 1), [19]);
      assert.equal(await pick({ accessible: true }, 1), 'sold_out');
      const two = await sale.batch([
        { items: best(2), best: { quantity: 2, together: true } },
        { items: [{ n: 18 }, ...best(2)], best: { quantity: 2, together: true } },
      ]);
      assert.deepEqual(
        two.held.map(({ seats }) => seats),
        [
          [12, 13],
          [18, 14, 15],
        ],
      );
    },
  },
  {
    name: 'best available takes lapsed seats, whose booking ends',
    async run(sale) {
      const apart = await sale.hold([{ n: 0 }]);
      await sale.age(apart, 601);
      const lapsed = await sale.hold([{ n: 10 }, { n: 11 }, { n: 12 }]);
      await sale.hold([{ n: 13 }, { n: 14 }, { n: 15 }, { n: 16 }, { n: 17 }]);
      await sale.age(lapsed, 601);
      const { held } = await sale.batch([
        { items: best(2), best: { quantity: 2, together: true, categories: [1] } },
      ]);
      assert.deepEqual(held[0]!.seats, [10, 11]);
      assert.equal((await sale.booking(apart.id)).status, 'held');
      assert.equal((await sale.booking(lapsed.id)).status, 'expired');
      assert.equal(await sale.seats(10, 12), 'hhf');
    },
  },
  {
    name: 'seats are taken out of the sale and brought back, all or none',
    async run(sale) {
      const block = (seats: number[], on: boolean) =>
        sale.call('seats_block_v1', sale.event, 0, seats, on, sale.organizer, 'corr');
      const held = await sale.hold([{ n: 0 }, { n: 1 }, { area: 0 }]);
      assert.deepEqual((await sale.expects(block([0, 2], true), 'seats_not_blockable')).conflicts, [0]);
      await sale.expects(block([2, 99], true), 'unknown_seats');
      await sale.age(held, 601);
      assert.equal((await sale.expects(block([0, 2], true), 'ok')).changed, 2);
      assert.equal(await sale.seats(0, 3), 'ofof');
      const told = await sale.feed();
      assert.deepEqual(
        [told.changes, told.areas],
        [
          [3, 4, 11],
          [0, 0, 0],
        ],
      );
      assert.equal((await sale.booking(held.id)).status, 'expired');
      assert.equal((await sale.expects(block([0, 3], true), 'ok')).changed, 1);
      assert.equal(await sale.outcome([{ n: 2 }]), 'seats_taken');
      assert.equal((await sale.expects(block([1], false), 'ok')).changed, 0);
      assert.equal((await sale.expects(block([2, 3], false), 'ok')).changed, 2);
      assert.equal(await sale.seats(0, 3), 'offf');
      assert.deepEqual((await sale.feed()).changes, [8, 12]);
      assert.deepEqual(
        (await sale.facts(sale.event)).map(({ type, version }) => [type, version]),
        [
          ['seats.blocked', 1],
          ['seats.blocked', 2],
          ['seats.unblocked', 3],
        ],
      );
      await sale.join();
      await sale.expects(block([0], false), 'ok');
      assert.equal(await sale.seats(0, 0), 'k');
      near((await sale.feed()).keptFor, 60);
      await sale.expects(block([0], true), 'seats_not_blockable');
      await sale.rows(
        `UPDATE seat SET hold_until = clock_timestamp() - interval '10 s' WHERE event_id = $1 AND n = 0`,
        [sale.event],
      );
      await sale.expects(block([0], true), 'ok');
      assert.equal(
        (await sale.call('seats_block_v1', randomUUID(), 0, [0], true, null, null)).outcome,
        'event_not_on_sale',
      );
    },
  },
  {
    name: 'of two areas each has its own places, whatever was sold, and the feed tells of both in order',
    async run(sale) {
      await sale.rows(
        `INSERT INTO price_tier (event_id, no, name, price, category, area, applies_to) VALUES ($1, 3, 'Balcony', 1000, NULL, 1, 'Balcony')`,
        [sale.event],
      );
      await sale.hold([{ area: 1 }, { area: 0 }]);
      assert.deepEqual((await sale.feed()).areas, [0, 1, 0, 1, 1, 0]);
      await sale.sell([{ area: 0 }, { area: 0 }]);
      const lapsed = await sale.hold([{ area: 0 }, { area: 0 }]);
      await sale.expects(sale.change(lapsed.id, 'pay'), 'ok');
      assert.equal(await sale.outcome([{ area: 0 }]), 'area_full');
      assert.equal(await sale.outcome([{ area: 1 }]), 'held');
      await sale.age(lapsed, 901);
      const places = (quantity: number) => ({ items: best(quantity).map(() => ({ area: 0 })) });
      const { held } = await sale.batch([places(3), places(2), places(1)]);
      assert.deepEqual(
        held.map(({ outcome }) => outcome),
        ['area_full', 'held', 'area_full'],
      );
      assert.equal((await sale.booking(lapsed.id)).status, 'expired');
      assert.deepEqual(
        (await sale.hold([{ area: 1 }, ...best(2)], { best: { quantity: 2, together: true } })).seats,
        [null, 0, 1],
      );
    },
  },
  {
    name: 'who loses takes nothing, and what two lapsed bookings of a batch free is told of',
    async run(sale) {
      const swept = await sale.hold([{ n: 1 }, ...best(5).map(() => ({ area: 0 }))]);
      const passed = await sale.hold([{ n: 5 }, { n: 6 }]);
      for (const held of [swept, passed]) await sale.age(held, 601);
      const { held } = await sale.batch([
        { items: [{ area: 0 }] },
        { items: [{ n: 5 }] },
        { items: [{ n: 2 }, { n: 99 }] },
      ]);
      assert.deepEqual(
        held.map(({ outcome }) => outcome),
        ['held', 'held', 'unknown_seats'],
      );
      assert.equal(await sale.seats(0, 6), 'fffffhf');
      const told = await sale.feed();
      assert.deepEqual(
        [told.changes.toSorted((a, b) => a - b), told.areas],
        [
          [4, 21, 24],
          [0, 1, 0],
        ],
      );
    },
  },
  {
    name: 'a payment whose time is over counts against its buyer no more; a key answers with the hold, however far that has come',
    async run(sale) {
      const user = randomUUID();
      const paying = await sale.hold(
        best(5).map((_, n) => ({ n })),
        { user, key: 'k' },
      );
      await sale.expects(sale.change(paying.id, 'pay'), 'ok');
      const again = await sale.batch([{ user, key: 'k', items: [] }]);
      assert.equal(again.replays!['1']!.id, paying.id);
      const more = [10, 11, 12, 13].map((n) => ({ n }));
      assert.equal(await sale.outcome(more, { user }), 'buyer_limit_reached');
      await sale.age(paying, 901);
      assert.equal(await sale.outcome(more, { user, key: 'another' }), 'held');
    },
  },
  {
    name: 'what a buyer holds of another event does not count',
    async run(sale) {
      const user = randomUUID();
      const other = await new SqlSale(sale.db).open();
      const many = best(5).map((_, n) => ({ n }));
      await other.hold(many, { user });
      assert.equal(await sale.outcome(many, { user }), 'held');
    },
  },
  {
    name: 'seats without places, and places without seats, are told of in the feed and in the answer',
    async run(sale) {
      const lapsed = await sale.hold([{ n: 5 }, { n: 6 }]);
      await sale.age(lapsed, 601);
      await sale.hold([{ n: 5 }]);
      const { changes, seq } = await sale.feed();
      assert.deepEqual(
        changes.toSorted((a, b) => a - b),
        [21, 24],
      );
      const { rows } = await sale.batch([{ items: [{ area: 0 }] }], seq);
      const [told] = rows!;
      assert.deepEqual(told!.slice(0, 3), [seq + 1, [], [0, 1, 0]]);
    },
  },
  {
    name: 'while people wait, the clock of everything else is the present',
    async run(sale) {
      const user = randomUUID();
      const own = await sale.hold(
        best(5).map((_, n) => ({ n })),
        { user, key: 'old' },
      );
      const paying = await sale.hold([{ area: 0 }]);
      await sale.expects(sale.change(paying.id, 'pay'), 'ok');
      await sale.join();
      await sale.age(own, 630);
      await sale.age(paying, 930);
      await sale.set(`sale_from = clock_timestamp() - interval '10 s'`);
      await sale.rows(
        `UPDATE idempotency_key SET created_at = clock_timestamp() - interval '24 h 10 s' WHERE user_id = $1`,
        [user],
      );
      const now = await sale.hold(
        [10, 11, 12, 13].map((n) => ({ n })),
        { user, key: 'old' },
      );
      near((await sale.feed()).age, 0);
      const { made, told: said } = await sale.one<{ made: number; told: number }>(
        `SELECT extract(epoch FROM clock_timestamp() - b.created_at)::float8 AS made,
                extract(epoch FROM clock_timestamp() - f.occurred_at)::float8 AS told
         FROM booking b JOIN fact f ON f.stream_id = b.id WHERE b.id = $1`,
        [now.id],
      );
      for (const age of [made, said]) near(age, 0);
      const { held } = await sale.batch([{ items: [{ n: 0 }] }, { items: [{ n: 14 }] }]);
      assert.deepEqual(
        held.map(({ outcome }) => outcome),
        ['seats_taken', 'held'],
      );
      assert.equal((await sale.booking(own.id)).status, 'held');

      // Four places were kept until ten seconds ago.
      const keep = async (quantity: number) => {
        await sale.rows('UPDATE area SET held = held + $2 WHERE event_id = $1 AND area = 0', [
          sale.event,
          quantity,
        ]);
        await sale.rows(
          `INSERT INTO area_kept (event_id, area, until, quantity) VALUES ($1, 0, clock_timestamp() - interval '10 s', $2)`,
          [sale.event, quantity],
        );
      };
      const long = await sale.hold([{ area: 0 }]);
      await sale.age(long, 700);
      await keep(3);
      assert.equal(await sale.outcome(best(5).map(() => ({ area: 0 }))), 'area_full');
      const told = await sale.feed();
      assert.deepEqual([told.changes, told.areas], [[], [0, 1, 0]]);
      assert.equal((await sale.booking(paying.id)).status, 'paying');
      await keep(4);
      assert.equal(await sale.outcome([{ area: 0 }]), 'held');

      // In category 0 a stranger may have the seats kept until ten seconds ago; five others have lapsed just now.
      const leave = (...kept: number[]) =>
        sale.rows(
          `UPDATE seat SET state = CASE WHEN n = ANY ($2) THEN ${SEAT.HELD} ELSE ${SEAT.BLOCKED} END,
                           hold_until = CASE WHEN n = ANY ($2) THEN clock_timestamp() - interval '10 s' END
           WHERE event_id = $1 AND n BETWEEN 5 AND 9`,
          [sale.event, kept],
        );
      const two = { quantity: 2, together: true, categories: [0] };
      await leave(6, 8);
      assert.equal(await sale.outcome(best(2), { best: two }), 'no_adjacent_seats');
      await leave(7);
      assert.equal(await sale.outcome(best(2), { best: two }), 'sold_out');
      assert.deepEqual((await sale.hold(best(1), { best: { quantity: 1, categories: [0] } })).seats, [7]);
    },
  },
];
