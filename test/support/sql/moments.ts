import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
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
      const waiting = await sale.join();
      assert.equal(waiting.outcome, 'ok');
      await sale.expects(sale.settle(plan), 'ok');
      await sale.set('sale_until = clock_timestamp()');
      assert.equal(await sale.outcome([{ n: 1 }]), 'sale_closed');
      assert.equal((await sale.join()).outcome, 'sale_closed');
      await sale.expects(sale.settle(plan), 'sale_closed');
      await sale.set(`sale_until = clock_timestamp() + interval '1 day', ends_at = clock_timestamp()`);
      assert.equal(await sale.outcome([{ n: 1 }]), 'event_ended');
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
