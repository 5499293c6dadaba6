import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import { type Check, near, SqlSale } from './sale.js';

const leave = (sale: SqlSale, id: string, user: string) =>
  sale.call('waitlist_leave_v1', sale.event, id, user, 0, 'corr');

/** As the feed tells of a seat. */
const changeOf = (n: number, state: number): number => n * 4 + state;

/** Area 1 costs 1000 from here on. */
const priceBalcony = (sale: SqlSale) =>
  sale.rows(
    `INSERT INTO price_tier (event_id, no, name, price, category, area, applies_to)
     VALUES ($1, 3, 'Balcony', 1000, NULL, 1, 'Balcony')`,
    [sale.event],
  );

export const waitlistChecks: Check[] = [
  {
    name: 'people join while the sale is open and there is nothing for them, once each',
    async run(sale) {
      const first = await sale.join({ key: 'k' });
      assert.equal(first.outcome, 'ok');
      assert.equal(await sale.waiting(), 1);
      assert.equal((await sale.join({ user: first.user, key: 'again' })).outcome, 'already_waiting');
      assert.equal((await sale.join({ user: first.user, key: 'k' })).outcome, 'replay');
      assert.equal((await new SqlSale(sale.db).join()).outcome, 'event_not_on_sale');
      assert.equal((await sale.join({ available: true })).outcome, 'seats_available');
      assert.equal((await sale.join({ quantity: 7 })).outcome, 'too_many_seats');
      assert.equal((await sale.join({ quantity: 6 })).outcome, 'ok');
      const user = randomUUID();
      await sale.hold(
        [0, 1, 2, 3, 4, 5].map((n) => ({ n })),
        { user },
      );
      assert.equal((await sale.join({ user, quantity: 3 })).outcome, 'buyer_limit_reached');
      assert.equal((await sale.join({ user, quantity: 3, min: 2, key: 'x' })).outcome, 'ok');
      const refused = randomUUID();
      assert.equal(
        (await sale.join({ user: refused, available: true, key: 'y' })).outcome,
        'seats_available',
      );
      assert.equal((await sale.join({ user: refused, key: 'y' })).outcome, 'ok');
      assert.equal(await sale.waiting(), 4);
      assert.deepEqual(
        (await sale.facts(first.id)).map(({ type, version, data }) => [type, version, data.quantity]),
        [['waitlist.joined', 1, 2]],
      );
      const lapsed = await sale.hold([10, 11, 12, 13, 14, 15].map((n) => ({ n })));
      await sale.age(lapsed, 601);
      assert.equal((await sale.join({ user: lapsed.user, quantity: 3 })).outcome, 'ok');
      await sale.set('sale_until = clock_timestamp()');
      assert.equal((await sale.join()).outcome, 'sale_closed');
      await sale.set(
        `sale_until = clock_timestamp() + interval '1 h', sale_from = clock_timestamp() + interval '1 h'`,
      );
      assert.equal((await sale.join()).outcome, 'sale_closed');
      await sale.set(`sale_from = '-infinity', ends_at = clock_timestamp()`);
      assert.equal((await sale.join()).outcome, 'event_ended');
      await sale.set(`ends_at = clock_timestamp() + interval '1 h', status = 'cancelled'`);
      assert.equal((await sale.join()).outcome, 'event_ended');
    },
  },
  {
    name: 'people leave the line; what was kept is free when the last one has left',
    async run(sale) {
      const [a, b] = [await sale.join(), await sale.join()];
      const held = await sale.hold([{ n: 0 }]);
      await sale.change(held.id, 'release');
      await sale.expects(leave(sale, a.id, b.user), 'not_waiting');
      await sale.expects(leave(sale, a.id, a.user), 'ok');
      assert.deepEqual(
        [(await sale.entry(a.id)).state, (await sale.entry(a.id)).version, await sale.waiting()],
        ['left', 2, 1],
      );
      assert.equal(await sale.seats(0, 0), 'k');
      await sale.expects(leave(sale, a.id, a.user), 'not_waiting');
      const blocked = await sale.hold([{ n: 5 }]);
      await sale.expects(leave(sale, b.id, b.user), 'ok');
      assert.equal(await sale.seats(0, 5), 'fffffh');
      assert.deepEqual((await sale.feed()).changes, [0]);
      assert.ok(blocked);
      assert.deepEqual(
        (await sale.facts(b.id)).map(({ type, version }) => [type, version]),
        [
          ['waitlist.joined', 1],
          ['waitlist.left', 2],
        ],
      );
    },
  },
  {
    name: 'the line closes when the sale is over, in its order, as many as it is told',
    async run(sale) {
      const close = (limit: number) =>
        sale.expects(sale.call('waitlist_close_v1', sale.event, 0, limit, 'corr'), 'ok');
      const people = [await sale.join(), await sale.join(), await sale.join()];
      // Written anew, the first lies behind the others in the table, which is read from its beginning.
      await sale.settle({ bypassed: [people[0]!.id] });
      await sale.rows('SET LOCAL enable_indexscan = off');
      await sale.rows('SET LOCAL enable_bitmapscan = off');
      assert.equal((await close(5)).ended, 0);
      await sale.set('sale_until = clock_timestamp()');
      assert.equal((await close(2)).ended, 2);
      const states = [];
      for (const { id } of people) states.push((await sale.entry(id)).state);
      assert.deepEqual([states, await sale.waiting()], [['closed', 'closed', 'waiting'], 1]);
      await sale.set(`sale_until = clock_timestamp() + interval '1 h', status = 'cancelled'`);
      assert.equal((await close(2)).ended, 1);
      assert.equal((await sale.facts(people[0]!.id)).at(-1)!.type, 'waitlist.closed');
      assert.equal((await sale.entry(people[0]!.id)).version, 2);
      const later = await sale.set(`status = 'published'`).then(() => sale.join());
      await sale.set('ends_at = clock_timestamp()');
      assert.equal((await close(2)).ended, 1);
      assert.equal((await sale.entry(later.id)).state, 'closed');
    },
  },
  {
    name: 'an offer is a hold for the entry at its price, until the sale ends at most',
    async run(sale) {
      const one = await sale.join({ quantity: 2 });
      const two = await sale.join({ quantity: 2 });
      const three = await sale.join({ quantity: 2 });
      const gone = await sale.join();
      await leave(sale, gone.id, gone.user);
      const offer = sale.offer(one.id, { seats: [0, 1], bypassed: [two.id, gone.id] });
      assert.equal((await sale.expects(sale.settle({ offers: [offer] }), 'ok')).made, 1);
      const entry = await sale.entry(one.id);
      assert.deepEqual([entry.state, entry.booking, entry.version], ['offered', offer.booking, 2]);
      near(entry.left, 300);
      const booking = await sale.booking(offer.booking);
      near(booking.left, 300);
      near(booking.held, 300);
      assert.deepEqual([booking.status, booking.entry], ['held', one.id]);
      assert.equal(await sale.seats(0, 2), 'hhf');
      near((await sale.feed()).held, 300);
      assert.deepEqual(
        (await sale.items(offer.booking)).map(({ n, price, status }) => [n, price, status]),
        [
          [0, 5000, 'held'],
          [1, 5000, 'held'],
        ],
      );
      const [fact] = await sale.facts(offer.booking);
      assert.deepEqual([fact!.type, fact!.data.total, fact!.data.userId], ['booking.held', 10_000, one.user]);
      assert.deepEqual(
        (await sale.facts(one.id)).map(({ type, version }) => [type, version]),
        [
          ['waitlist.joined', 1],
          ['waitlist.offered', 2],
        ],
      );
      assert.deepEqual(
        [(await sale.entry(two.id)).bypassed, (await sale.entry(three.id)).bypassed, await sale.waiting()],
        [1, 0, 2],
      );
      assert.equal((await sale.entry(gone.id)).bypassed, 0, 'it waits no longer');
      await sale.expects(sale.extend(offer.booking), 'offer_not_accepted');
      await sale.expects(sale.change(offer.booking, 'extend'), 'offer_not_accepted');
      await sale.expects(sale.change(offer.booking, 'accept', { user: one.user }), 'ok');
      near((await sale.booking(offer.booking)).left, 600);
      near((await sale.booking(offer.booking)).held, 600);
      near((await sale.feed()).held, 600);
      assert.equal((await sale.entry(one.id)).state, 'accepted');
      assert.equal((await sale.booking(offer.booking)).entry, null);
      await sale.expects(sale.change(offer.booking, 'accept'), 'not_offered');
      await sale.set(`sale_until = clock_timestamp() + interval '100 s'`);
      const last = sale.offer(two.id, { seats: [5, 6] });
      assert.equal((await sale.settle({ offers: [last] })).made, 1);
      near((await sale.booking(last.booking)).left, 100);
      near((await sale.entry(two.id)).left, 100);
      await sale.set(`ends_at = clock_timestamp() + interval '50 s'`);
      const ending = sale.offer(three.id, { seats: [8, 9] });
      assert.equal((await sale.settle({ offers: [ending] })).made, 1);
      near((await sale.booking(ending.booking)).left, 50);
      assert.equal(await sale.waiting(), 0);
    },
  },
  {
    name: 'offers end as declined, expired, accepted by paying, or closed',
    async run(sale) {
      const make = async (n: number) => {
        const entry = await sale.join({ quantity: 1 });
        const offer = sale.offer(entry.id, { seats: [n] });
        assert.equal((await sale.settle({ offers: [offer] })).made, 1);
        return { entry, offer };
      };
      const state = async ({ entry }: { entry: { id: string } }) => (await sale.entry(entry.id)).state;
      const [declined, expired, paid, left, closed] = [
        await make(0),
        await make(1),
        await make(2),
        await make(3),
        await make(4),
      ];
      await sale.expects(sale.change(declined.offer.booking, 'release', { user: declined.entry.user }), 'ok');
      await sale.age({ id: expired.offer.booking }, 301);
      await sale.call('inventory_sweep_v1', sale.event, 0, 10);
      await sale.expects(sale.change(paid.offer.booking, 'pay'), 'ok');
      await sale.expects(leave(sale, left.entry.id, left.entry.user), 'ok');
      await sale.set(`status = 'cancelled'`);
      await sale.expects(sale.change(closed.offer.booking, 'release'), 'ok');
      const ended = [declined, expired, paid].map(({ entry }) => entry.id);
      await sale.rows(`SELECT offers_end_v1($1, $2, 'closed', NULL, 'corr')`, [sale.event, ended]);
      assert.deepEqual(
        [
          await state(declined),
          await state(expired),
          await state(paid),
          await state(left),
          await state(closed),
        ],
        ['declined', 'expired', 'accepted', 'declined', 'closed'],
      );
      assert.equal((await sale.facts(expired.entry.id)).at(-1)!.type, 'waitlist.expired');
      assert.equal((await sale.entry(expired.entry.id)).version, 3);
      assert.equal(await sale.seats(0, 5), 'ffhfff');
    },
  },
  {
    name: 'an offer that no longer holds ends the plan: seat, price, limit, quantity, entry, place',
    async run(sale) {
      const user = randomUUID();
      await sale.hold(
        [10, 11, 12, 13, 14, 15].map((n) => ({ n })),
        { user },
      );
      const rich = await sale.join({ quantity: 2, maxPrice: 5000 });
      const poor = await sale.join({ quantity: 2, maxPrice: 4999 });
      const full = await sale.join({ user, quantity: 3, min: 1 });
      const gone = await sale.join();
      await leave(sale, gone.id, gone.user);
      await sale.hold([{ n: 9 }]);
      const made = async (entry: { id: string }, seats: number[]) =>
        (await sale.settle({ offers: [sale.offer(entry.id, { seats })] })).made;
      assert.equal(await made(poor, [0, 1]), 0);
      assert.equal(await made(poor, [0, 16]), 0, 'one of them is too dear');
      assert.equal(await made(rich, [8, 9]), 0);
      assert.equal(await made(rich, [0, 20]), 0);
      assert.equal(await made(rich, [0, 1, 2]), 0);
      assert.equal(await made(rich, [0]), 0);
      assert.equal(await made(full, [16, 17, 18]), 0);
      assert.equal(await made(gone, [0, 1]), 0);
      assert.equal(await sale.seats(0, 9), 'fffffffffh');
      const plan = {
        offers: [sale.offer(poor.id, { seats: [0, 1] }), sale.offer(rich.id, { seats: [2, 3] })],
        bypassed: [rich.id],
        collect: rich.id,
      };
      assert.equal((await sale.settle(plan)).made, 0);
      const { state, bypassed, collecting } = await sale.entry(rich.id);
      assert.deepEqual([state, bypassed, collecting], ['waiting', 0, null]);
      await sale.set('max_per_booking = 1');
      assert.equal(await made(rich, [0, 1]), 0);
      await sale.set('max_per_booking = 6');
      assert.equal(await made(full, [16, 17]), 1);
      assert.equal(await made(rich, [0, 1]), 1);
      await sale.set('sale_until = clock_timestamp()');
      await sale.expects(sale.settle({}), 'sale_closed');
      await sale.set(
        `sale_until = clock_timestamp() + interval '1 h', sale_from = clock_timestamp() + interval '1 m'`,
      );
      await sale.expects(sale.settle({}), 'sale_closed');
      await sale.set(`sale_from = '-infinity', ends_at = clock_timestamp()`);
      await sale.expects(sale.settle({}), 'sale_closed');
      await sale.set(`ends_at = clock_timestamp() + interval '1 h', status = 'cancelled'`);
      await sale.expects(sale.settle({}), 'sale_closed');
    },
  },
  {
    name: 'places are offered from those kept, the oldest first',
    async run(sale) {
      const entry = await sale.join({ quantity: 2 });
      const more = await sale.join({ quantity: 3 });
      await sale.hold([{ area: 0 }]);
      await sale.set('waiting = 2');
      await sale.rows('UPDATE area SET held = held + 3 WHERE event_id = $1 AND area = 0', [sale.event]);
      await sale.rows(
        `INSERT INTO area_kept (event_id, area, until, quantity)
         VALUES ($1, 0, clock_timestamp() + interval '20 s', 1), ($1, 0, clock_timestamp() + interval '40 s', 2)`,
        [sale.event],
      );
      const kept = async () =>
        (
          await sale.rows<{ quantity: number }>(
            'SELECT quantity FROM area_kept WHERE event_id = $1 ORDER BY until',
            [sale.event],
          )
        ).map(({ quantity }) => quantity);
      const offer = sale.offer(entry.id, { area: 0, quantity: 2 });
      assert.equal((await sale.settle({ offers: [offer] })).made, 1);
      assert.deepEqual(await kept(), [1]);
      assert.deepEqual(await sale.area(), { held: 4, booked: 0 });
      assert.deepEqual(
        (await sale.items(offer.booking)).map(({ price }) => price),
        [2000, 2000],
      );
      assert.deepEqual((await sale.feed()).areas, [0, 4, 0]);
      assert.equal((await sale.settle({ offers: [sale.offer(more.id, { area: 0, quantity: 3 })] })).made, 0);
      await sale.settle({ areas: [[0, 0, 2]] });
      assert.deepEqual([await kept(), await sale.area()], [[], { held: 3, booked: 0 }]);
    },
  },
  {
    name: 'places are offered up to the last one of their own area, sold and held and kept ones considered',
    async run(sale) {
      await priceBalcony(sale);
      await new SqlSale(sale.db).open();
      await sale.sell([{ area: 0 }, { area: 0 }]);
      await sale.hold([{ area: 0 }]);
      const given = await sale.hold([{ area: 1 }, { area: 1 }, { area: 1 }]);
      const floor = await sale.join({ quantity: 3, min: 2 });
      const balcony = await sale.join({ quantity: 4 });
      await sale.join();
      await sale.change(given.id, 'release');
      assert.deepEqual(
        [await sale.area(0), await sale.area(1)],
        [
          { held: 1, booked: 2 },
          { held: 3, booked: 0 },
        ],
      );
      const made = async (entry: { id: string }, area: number, quantity: number) =>
        (await sale.settle({ offers: [sale.offer(entry.id, { area, quantity })] })).made;
      assert.equal(await made(floor, 0, 3), 0);
      assert.equal(await made(floor, 0, 2), 1);
      assert.equal(await made(balcony, 1, 4), 1);
      assert.deepEqual(
        [await sale.area(0), await sale.area(1)],
        [
          { held: 3, booked: 2 },
          { held: 4, booked: 0 },
        ],
      );
    },
  },
  {
    name: 'offers of one plan are told of together, and with the last of the line all that was kept is free',
    async run(sale) {
      await priceBalcony(sale);
      const given = await sale.hold([{ n: 2 }, { n: 15 }, { area: 0 }, { area: 0 }]);
      const [front, floor, back, balcony] = [
        await sale.join({ quantity: 2 }),
        await sale.join({ quantity: 1 }),
        await sale.join({ quantity: 2 }),
        await sale.join({ quantity: 1 }),
      ];
      await sale.change(given.id, 'release');
      assert.deepEqual(
        [await sale.seats(), await sale.area()],
        ['ffkffffffffffffkfffff', { held: 2, booked: 0 }],
      );
      const { seq } = await sale.feed();
      // Joins that leave their rows in the order of the seats.
      await sale.rows('SET LOCAL enable_nestloop = off');
      await sale.rows('SET LOCAL enable_hashjoin = off');
      const first = sale.offer(front.id, { seats: [3, 2] });
      const plan = [
        first,
        sale.offer(balcony.id, { area: 1, quantity: 1 }),
        sale.offer(back.id, { seats: [11, 10] }),
        sale.offer(floor.id, { area: 0, quantity: 1 }),
      ];
      assert.equal((await sale.settle({ offers: plan })).made, plan.length);
      assert.deepEqual([await sale.seats(), await sale.waiting()], ['ffhhffffffhhfffffffff', 0]);
      const told = await sale.feed();
      assert.equal(told.seq, seq + 1);
      assert.deepEqual(told.changes, [
        ...[2, 3, 10, 11].map((n) => changeOf(n, SEAT.HELD)),
        changeOf(15, SEAT.FREE),
      ]);
      assert.deepEqual([told.areas, told.kept], [[0, 1, 0, 1, 1, 0], []]);
      near(told.held, 300);
      assert.deepEqual(
        (await sale.facts(first.booking))[0]!.data.items,
        [3, 2].map((n, i) => [first.items[i], n, null, 5000]),
        'as they were offered',
      );
    },
  },
  {
    name: 'a plan keeps and frees seats and places, collects for one, and passes over others',
    async run(sale) {
      const [a, b] = [await sale.join(), await sale.join()];
      await sale.rows(
        `UPDATE seat SET state = ${SEAT.HELD}, hold_until = clock_timestamp() + interval '5 s' WHERE event_id = $1 AND n IN (0, 1)`,
        [sale.event],
      );
      await sale.rows(`UPDATE area SET held = 2 WHERE event_id = $1 AND area = 0`, [sale.event]);
      await sale.rows(
        `INSERT INTO area_kept (event_id, area, until, quantity) VALUES ($1, 0, clock_timestamp() + interval '5 s', 2)`,
        [sale.event],
      );
      const held = await sale.hold([{ n: 2 }]);
      await sale.settle({ collect: a.id, bypassed: [b.id], keep: [0, 2, 3], free: [1], areas: [[0, 1, 1]] });
      assert.equal(await sale.seats(0, 3), 'kfhf');
      const told = await sale.feed();
      near(told.keptFor, 60);
      assert.deepEqual(
        [told.changes, told.areas, told.kept],
        [[changeOf(0, SEAT.HELD), changeOf(1, SEAT.FREE)], [0, 1, 0], [0]],
      );
      near((await sale.booking(held.id)).left, 600);
      assert.deepEqual(await sale.area(), { held: 1, booked: 0 });
      const [kept] = await sale.rows<{ quantity: number; left: number }>(
        'SELECT quantity, extract(epoch FROM until - clock_timestamp())::float8 AS left FROM area_kept WHERE event_id = $1',
        [sale.event],
      );
      assert.equal(kept!.quantity, 1);
      near(kept!.left, 60);
      const first = await sale.entry(a.id);
      near(first.collecting, 120);
      assert.deepEqual([first.bypassed, (await sale.entry(b.id)).bypassed], [0, 1]);
      await leave(sale, b.id, b.user);
      await sale.settle({ bypassed: [b.id], collect: b.id });
      const left = await sale.entry(b.id);
      assert.deepEqual([left.bypassed, left.collecting], [1, null], 'it waits no longer');
      await sale.settle({ areas: [[0, 1, 0]] });
      assert.equal((await sale.feed()).seq, told.seq, 'as many places are free as before');
      const c = await sale.join();
      await sale.settle({ bypassed: [c.id] });
      await sale.settle({ restart: true });
      assert.deepEqual(
        [
          (await sale.entry(a.id)).collecting,
          (await sale.entry(b.id)).bypassed,
          (await sale.entry(c.id)).bypassed,
        ],
        [null, 1, 0],
      );
    },
  },
];
