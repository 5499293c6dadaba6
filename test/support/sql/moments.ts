import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { SEAT } from '../../../src/platform/common/seat-states.js';
import type { Check, Held, SqlSale } from './sale.js';

/** The time of a hold, of its payment and of its seats is over now, to the microsecond. */
async function due(sale: SqlSale, { id }: Pick<Held, 'id'>): Promise<void> {
  await sale.rows(
    'UPDATE booking SET expires_at = clock_timestamp(), held_until = clock_timestamp() WHERE id = $1',
    [id],
  );
  await sale.rows(
    'UPDATE seat SET hold_until = clock_timestamp() WHERE booking_id = $1 AND hold_until IS NOT NULL',
    [id],
  );
}

/** No time passes in these: what is before and what is after is decided to the microsecond. */
export const momentChecks: Check[] = [
  {
    name: 'at the very moment a sale has begun, and is over at its end and at that of the event',
    async run(sale) {
      await sale.freeze();
      const plan = { offers: [] };
      await sale.set('sale_from = clock_timestamp()');
      await sale.hold([{ n: 0 }]);
      const paying = await sale.hold([{ n: 5 }]);
      await sale.expects(sale.change(paying.id, 'pay'), 'ok');
      const waiting = await sale.join();
      assert.equal(waiting.outcome, 'ok');
      await sale.expects(sale.settle(plan), 'ok');
      await sale.set('sale_until = clock_timestamp()');
      assert.equal(await sale.outcome([{ n: 1 }]), 'sale_closed');
      assert.equal((await sale.join()).outcome, 'sale_closed');
      await sale.expects(sale.settle(plan), 'sale_closed');
      await sale.set(`sale_until = clock_timestamp() + interval '1 day', ends_at = clock_timestamp()`);
      assert.equal(await sale.outcome([{ n: 1 }]), 'event_ended');
      await sale.expects(sale.change(paying.id, 'confirm'), 'event_ended');
      assert.equal((await sale.join()).outcome, 'event_ended');
      await sale.expects(sale.settle(plan), 'sale_closed');
      assert.equal((await sale.call('waitlist_close_v1', sale.event, 0, 5, 'corr')).ended, 1);
      assert.equal((await sale.entry(waiting.id)).state, 'closed');
    },
  },
  {
    name: 'at the very moment of its deadline a hold has ended: for its buyer, for others, for a payment',
    async run(sale) {
      await sale.freeze();
      const held = [];
      for (let n = 0; n < 5; n++) held.push(await sale.hold([{ n }, { area: 0 }]));
      for (const hold of held) await due(sale, hold);
      const [released, extended, taken, , swept] = held as [Held, Held, Held, Held, Held];
      await sale.expects(sale.change(released.id, 'release'), 'hold_expired');
      await sale.expects(sale.extend(extended.id), 'hold_expired');
      assert.equal(await sale.outcome([{ n: 2 }]), 'held');
      assert.equal((await sale.booking(taken.id)).status, 'expired');
      assert.equal(await sale.outcome([{ area: 0 }, { area: 0 }, { area: 0 }]), 'held');
      await sale.call('inventory_sweep_v1', sale.event, 0, 100);
      assert.equal((await sale.booking(swept.id)).status, 'expired');
      assert.equal(await sale.seats(0, 4), 'ffhff');

      const paying = await sale.hold([{ n: 10 }]);
      await sale.expects(sale.change(paying.id, 'pay'), 'ok');
      await due(sale, paying);
      await sale.expects(sale.change(paying.id, 'confirm'), 'ok');
      const declined = await sale.hold([{ n: 11 }]);
      await sale.expects(sale.change(declined.id, 'pay'), 'ok');
      await due(sale, declined);
      await sale.expects(sale.change(declined.id, 'decline'), 'hold_expired');
      const blocked = await sale.hold([{ n: 12 }]);
      await due(sale, blocked);
      await sale.expects(sale.call('seats_block_v1', sale.event, 0, [12], true, null, 'corr'), 'ok');
      assert.equal((await sale.booking(blocked.id)).status, 'expired');
      assert.equal(await sale.seats(10, 12), 'sfo');
    },
  },
  {
    name: 'a cancelled event ends its holds in the order of their ids, and payments that are due at this very moment',
    async run(sale) {
      await sale.freeze();
      const held = [];
      for (let n = 0; n < 4; n++) held.push(await sale.hold([{ n }]));
      const unpaid = await sale.hold([{ n: 10 }]);
      await sale.expects(sale.change(unpaid.id, 'pay'), 'ok');
      await due(sale, unpaid);
      // Past the time of the hold, within that of the payment.
      const paying = await sale.hold([{ n: 11 }]);
      await sale.expects(sale.change(paying.id, 'pay'), 'ok');
      await sale.age(paying, 700);
      await sale.set(`status = 'cancelled'`);
      const [saga, lease] = [randomUUID(), randomUUID()];
      await sale.rows(`SELECT saga_start_v1($1, 'event', $2, $2, '{}', NULL, $3, 30, NULL, 'corr')`, [
        saga,
        sale.event,
        lease,
      ]);
      const { seq } = await sale.feed();
      const released = await sale.call('event_release_v1', saga, lease, sale.event, null, seq, 'corr');
      assert.equal(released.ended, held.length + 1);
      const ended = [...held, unpaid].toSorted((a, b) => (a.id < b.id ? -1 : 1));
      assert.deepEqual(
        (released.rows as number[][]).map(([, changes]) => changes),
        ended.map(({ seats }) => [seats[0]! * 4 + SEAT.FREE]),
      );
      assert.equal((await sale.booking(paying.id)).status, 'paying');
    },
  },
  {
    name: 'places freed at one moment are kept together, and are everyone’s at the moment when their minute is over',
    async run(sale) {
      await sale.freeze();
      const places = (quantity: number) => Array.from({ length: quantity }, () => ({ area: 0 }));
      const holds = [await sale.hold(places(2)), await sale.hold(places(3))];
      await sale.join();
      for (const { id } of holds) await sale.expects(sale.change(id, 'release'), 'ok');
      const kept = await sale.rows<{ quantity: number; left: number }>(
        'SELECT quantity, extract(epoch FROM until - clock_timestamp())::int AS left FROM area_kept WHERE event_id = $1',
        [sale.event],
      );
      assert.deepEqual(kept, [{ quantity: 5, left: 60 }]);
      await sale.rows(
        `UPDATE area_kept SET until = clock_timestamp() + interval '1 us' WHERE event_id = $1`,
        [sale.event],
      );
      assert.equal(await sale.outcome(places(5)), 'area_full');
      await sale.rows('UPDATE area_kept SET until = clock_timestamp() WHERE event_id = $1', [sale.event]);
      assert.equal(await sale.outcome(places(5)), 'held');
    },
  },
  {
    name: 'at the very moment of its deadline a hold counts against its buyer no more',
    async run(sale) {
      await sale.freeze();
      const user = randomUUID();
      const first = await sale.hold(
        [0, 1, 2, 3, 4, 5].map((n) => ({ n })),
        { user },
      );
      const more = [10, 11, 12].map((n) => ({ n }));
      assert.equal(await sale.outcome(more, { user }), 'buyer_limit_reached');
      await due(sale, first);
      assert.equal(await sale.outcome(more, { user }), 'held');
    },
  },
  {
    name: 'a late payment comes before the very end of the event, and finds what lapses at this moment',
    async run(sale) {
      await sale.freeze();
      const late = await sale.hold([{ n: 0 }, { area: 0 }, { area: 0 }]);
      await due(sale, late);
      await sale.call('inventory_sweep_v1', sale.event, 0, 100);
      const other = await sale.hold([{ n: 0 }, { area: 0 }, { area: 0 }, { area: 0 }, { area: 0 }]);
      await sale.expects(sale.restore(late.id, null), 'seats_lost');
      await due(sale, other);
      await sale.set('ends_at = clock_timestamp()');
      await sale.expects(sale.restore(late.id, null), 'event_ended');
      await sale.set(`ends_at = clock_timestamp() + interval '1 ms'`);
      await sale.expects(sale.restore(late.id, null), 'ok');
      assert.deepEqual(await sale.area(), { held: 0, booked: 2 });
      assert.equal((await sale.booking(other.id)).status, 'expired');
    },
  },
  {
    name: 'while people wait, what lapses is a stranger’s a minute later, to the moment',
    async run(sale) {
      const held = await sale.hold([{ n: 0 }]);
      await sale.join();
      await sale.freeze();
      const moved = (by: string) =>
        sale.rows(
          `UPDATE seat SET hold_until = clock_timestamp() - interval '60 s' + interval '${by}' WHERE booking_id = $1`,
          [held.id],
        );
      await sale.rows(`UPDATE booking SET expires_at = clock_timestamp() - interval '60 s' WHERE id = $1`, [
        held.id,
      ]);
      await moved('1 us');
      assert.equal(await sale.outcome([{ n: 0 }]), 'seats_taken');
      await moved('0 s');
      assert.equal(await sale.outcome([{ n: 0 }]), 'held');
    },
  },
];
