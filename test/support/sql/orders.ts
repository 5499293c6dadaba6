import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Check, type Held, near, SqlSale, type Wanted } from './sale.js';

const HASH = Buffer.from('aa', 'hex');

/** Begins a checkout; the payment has the id of the saga. */
async function begin(sale: SqlSale, held: Held, { key = null as string | null, user = held.user } = {}) {
  const [saga, lease] = [randomUUID(), randomUUID()];
  const answer = await sale.call(
    'checkout_begin_v1',
    saga,
    lease,
    30,
    '{}',
    sale.event,
    held.id,
    user,
    'sandbox',
    'card',
    900,
    key,
    'checkout',
    key ? HASH : null,
    0,
    'corr',
  );
  return { saga, lease, outcome: answer.outcome, answer };
}

const confirm = (
  sale: SqlSale,
  { saga, lease }: { saga: string; lease: string },
  late = false,
  ids: string[] | null = null,
) => sale.call('checkout_confirm_v1', saga, lease, 'ref', late, ids, 0);

const release = (
  sale: SqlSale,
  { saga, lease }: { saga: string; lease: string },
  ref: string | null = null,
) => sale.call('checkout_release_v1', saga, lease, ref, 'card_declined', 0);

/** Paid and captured, by the second card if the first one is declined. */
async function sold(sale: SqlSale, items: readonly Wanted[], { declined = false } = {}) {
  const held = await sale.hold(items);
  if (declined) await sale.expects(release(sale, await begin(sale, held)), 'ok');
  const checkout = await begin(sale, held);
  await sale.expects(confirm(sale, checkout), 'ok');
  await sale.rows(`UPDATE payment SET status = 'captured', version = version + 1 WHERE id = $1`, [
    checkout.saga,
  ]);
  return { ...held, ...checkout, outcome: 'sold' };
}

const payment = (sale: SqlSale, id: string) =>
  sale.one<{ status: string; amount: number; failure: string | null; ref: string | null; version: number }>(
    'SELECT status, amount::int AS amount, failure, provider_ref AS ref, version FROM payment WHERE id = $1',
    [id],
  );

const refund = (sale: SqlSale, id: string) =>
  sale.one<{
    status: string;
    amount: number;
    price: number;
    version: number;
    payment: string | null;
    key: string;
    settled: string | null;
  }>(
    `SELECT status, amount::int AS amount, price::int AS price, version, payment_id AS payment, idempotency_key AS key, settled
     FROM refund WHERE id = $1`,
    [id],
  );

const saga = (sale: SqlSale, id: string) =>
  sale.one<{ state: string; step: number; attempts: number; leased: boolean; due: number | null }>(
    `SELECT state, step, attempts, lease IS NOT NULL AS leased, extract(epoch FROM due_at - clock_timestamp())::float8 AS due
     FROM saga WHERE id = $1`,
    [id],
  );

/** Where a saga stands, and what became of its steps. */
async function onItsWay(sale: SqlSale, id: string) {
  const { state, step, attempts, leased } = await saga(sale, id);
  const steps = await sale.rows<{ step: number; undo: boolean; outcome: string | null; attempts: number }>(
    'SELECT step, undo, name, outcome, attempts FROM saga_step WHERE saga_id = $1 ORDER BY undo, step',
    [id],
  );
  return { state, step, attempts, leased, steps };
}

async function cancel(
  sale: SqlSale,
  { id, user }: { id: string; user: string },
  items: string[] | null,
  offered: [string, number][],
  { cause = 'buyer', key = null as string | null } = {},
) {
  const [refundId, sagaId, lease] = [randomUUID(), randomUUID(), randomUUID()];
  const answer = await sale.call(
    'cancel_begin_v2',
    sale.event,
    id,
    items,
    offered.map(([item]) => item),
    offered.map(([, amount]) => amount),
    cause,
    refundId,
    sagaId,
    lease,
    30,
    user,
    key,
    'cancel',
    key ? HASH : null,
    0,
    'corr',
  );
  return { refund: refundId, saga: sagaId, lease, outcome: answer.outcome };
}

const finish = (sale: SqlSale, begun: { refund: string; saga: string; lease: string }) =>
  sale.call('cancel_finish_v1', begun.saga, begun.lease, begun.refund, 'back', 0, 'corr');

/** A booking that was sold, of nothing and told by no fact. */
async function silent(sale: SqlSale): Promise<string> {
  const id = randomUUID();
  await sale.rows(
    `INSERT INTO booking (event_id, id, user_id, code, status, expires_at, held_until, currency, total, created_at)
     VALUES ($1, $2, $2, 'silent', 'confirmed', now(), now(), 'EUR', 0, now())`,
    [sale.event, id],
  );
  return id;
}

const lost = (work: Promise<unknown>) => assert.rejects(work, { code: 'EV001' });

export const orderChecks: Check[] = [
  {
    name: 'a checkout pays, sells and is told of; a repeated key answers as before',
    async run(sale) {
      const held = await sale.hold([{ n: 0 }, { n: 10 }]);
      const checkout = await begin(sale, held, { key: 'k' });
      assert.equal(checkout.outcome, 'ok');
      assert.equal((await sale.booking(held.id)).status, 'paying');
      const { status, amount } = await payment(sale, checkout.saga);
      assert.deepEqual([status, amount], ['created', 8_000]);
      assert.deepEqual(
        { ...(await saga(sale, checkout.saga)), due: null },
        { state: 'running', step: 1, attempts: 1, leased: true, due: null },
      );
      const begun = await sale.rows(
        'SELECT step, undo, name, attempts FROM saga_step WHERE saga_id = $1 ORDER BY step',
        [checkout.saga],
      );
      assert.deepEqual(begun, [
        { step: 0, undo: false, name: 'reserve', attempts: 1 },
        { step: 1, undo: false, name: 'authorize', attempts: 1 },
      ]);
      const again = await begin(sale, held, { key: 'k' });
      assert.deepEqual([again.outcome, again.answer.subject], ['replay', checkout.saga]);
      await sale.expects(confirm(sale, checkout), 'ok');
      assert.deepEqual(await payment(sale, checkout.saga), {
        status: 'authorized',
        amount: 8_000,
        failure: null,
        ref: 'ref',
        version: 2,
      });
      assert.equal(await sale.seats(0, 0), 's');
      const seq = (await sale.feed()).now;
      await sale.expects(confirm(sale, checkout), 'ok');
      await sale.rows(`UPDATE payment SET status = 'captured', version = 3 WHERE id = $1`, [checkout.saga]);
      await sale.expects(confirm(sale, checkout), 'ok');
      assert.equal((await payment(sale, checkout.saga)).status, 'captured');
      assert.equal((await sale.feed()).now, seq);
      assert.deepEqual(
        (await sale.facts(checkout.saga)).map(({ type }) => type),
        ['payment.created', 'payment.authorized', 'payment.captured'],
      );
    },
  },
  {
    name: 'a booking that costs nothing is sold without a payment',
    async run(sale) {
      await sale.set(`category_prices = '{0, 3000}'`);
      const held = await sale.hold([{ n: 0 }]);
      const checkout = await begin(sale, held);
      assert.equal(checkout.outcome, 'ok');
      assert.equal((await sale.rows('SELECT 1 FROM payment WHERE id = $1', [checkout.saga])).length, 0);
      await sale.expects(confirm(sale, checkout), 'ok');
      assert.equal(await sale.seats(0, 0), 's');
      await sale.expects(confirm(sale, checkout), 'ok');
      const lapsed = await sale.hold([{ n: 1 }]);
      const late = await begin(sale, lapsed);
      await sale.age(lapsed, 901);
      await sale.call('inventory_sweep_v1', sale.event, 0, 10);
      await sale.expects(confirm(sale, late), 'hold_expired');
      await sale.expects(confirm(sale, late, true), 'ok');
      assert.equal(await sale.seats(0, 1), 'ss');
    },
  },
  {
    name: 'a key whose payment failed is free again, and so is one that nothing came of',
    async run(sale) {
      const held = await sale.hold([{ n: 0 }]);
      assert.equal((await begin(sale, held, { key: 'k', user: randomUUID() })).outcome, 'not_found');
      for (const status of ['created', 'unknown', 'requires_action']) {
        const attempt = await begin(sale, held, { key: 'k' });
        assert.equal(attempt.outcome, 'ok');
        await sale.rows('UPDATE payment SET status = $2, version = version + 1 WHERE id = $1', [
          attempt.saga,
          status,
        ]);
        await sale.expects(release(sale, attempt, 'r1'), 'ok');
        assert.deepEqual(await payment(sale, attempt.saga), {
          status: 'declined',
          amount: 5_000,
          failure: 'card_declined',
          ref: 'r1',
          version: 3,
        });
        assert.equal((await sale.booking(held.id)).status, 'held');
      }
      const [one, two] = [
        await sale.hold([{ n: 1 }], { user: held.user }),
        await sale.hold([{ n: 2 }], { user: held.user }),
      ];
      const first = await begin(sale, one, { key: 'k' });
      assert.equal(first.outcome, 'ok');
      const replayed = async (key: string) => {
        const again = await sale.call('idempotency_claim_v1', held.user, key, 'checkout', HASH, randomUUID());
        return [again.outcome, again.subject];
      };
      await sale.rows(`UPDATE inventory SET status = 'cancelled' WHERE event_id = $1`, [sale.event]);
      assert.equal((await begin(sale, two, { key: 'other' })).outcome, 'event_ended');
      await sale.rows(`UPDATE inventory SET status = 'published' WHERE event_id = $1`, [sale.event]);
      assert.deepEqual(await replayed('k'), ['replay', first.saga]);
      const second = await begin(sale, two, { key: 'other' });
      assert.equal(second.outcome, 'ok');
      await sale.rows(`UPDATE payment SET status = 'authorized', version = version + 1 WHERE id = $1`, [
        second.saga,
      ]);
      assert.deepEqual(
        [await replayed('k'), await replayed('other')],
        [
          ['replay', first.saga],
          ['replay', second.saga],
        ],
      );
      const claim = (hash: Buffer) =>
        sale.call('idempotency_claim_v1', held.user, 'other', 'checkout', hash, randomUUID());
      assert.equal((await claim(Buffer.from('bb', 'hex'))).outcome, 'idempotency_key_reused');
      await sale.rows(`UPDATE payment SET status = 'voiding', version = version + 1 WHERE id = $1`, [
        second.saga,
      ]);
      assert.equal(await claim(HASH), null);
      assert.equal((await claim(HASH)).outcome, 'replay');
      await sale.rows(
        `UPDATE idempotency_key SET created_at = created_at - interval '25 h' WHERE user_id = $1`,
        [held.user],
      );
      assert.equal(await claim(HASH), null);
      await sale.rows(
        `UPDATE idempotency_key SET created_at = created_at - interval '23 h' WHERE user_id = $1`,
        [held.user],
      );
      assert.equal((await claim(HASH)).outcome, 'replay');
      await sale.freeze();
      await sale.rows(
        `UPDATE idempotency_key SET created_at = clock_timestamp() - interval '24 h' WHERE user_id = $1`,
        [held.user],
      );
      assert.equal((await claim(HASH)).outcome, 'replay', 'until the very end of its day');
      await sale.rows(
        `UPDATE idempotency_key SET created_at = created_at - interval '1 microsecond' WHERE user_id = $1`,
        [held.user],
      );
      assert.equal(await claim(HASH), null);
    },
  },
  {
    name: 'nobody without the lease carries out a step',
    async run(sale) {
      const checkout = await begin(sale, await sale.hold([{ n: 0 }]));
      const stranger = { ...checkout, lease: randomUUID() };
      for (const step of [
        () => confirm(sale, stranger),
        () => sale.call('checkout_release_v1', stranger.saga, stranger.lease, null, 'x', 0),
        () => sale.call('checkout_undo_v1', stranger.saga, stranger.lease, 'x', 0),
        () => sale.call('event_release_v1', stranger.saga, stranger.lease, sale.event, null, 0, null),
        () =>
          sale.call(
            'event_refund_v1',
            stranger.saga,
            stranger.lease,
            sale.event,
            null,
            [],
            [],
            null,
            0,
            null,
          ),
        () => sale.call('cancel_finish_v1', stranger.saga, stranger.lease, randomUUID(), null, 0, null),
        () => sale.call('refund_reopen_v1', stranger.saga, stranger.lease, randomUUID()),
      ]) {
        await sale.rows('SAVEPOINT step');
        await lost(step());
        await sale.rows('ROLLBACK TO SAVEPOINT step');
      }
    },
  },
  {
    name: 'a payment that comes late looks for seats; without any the money goes back',
    async run(sale) {
      const late = async (n: number) => {
        const held = await sale.hold([{ n }]);
        const checkout = await begin(sale, held);
        await sale.age(held, 901);
        await sale.call('inventory_sweep_v1', sale.event, 0, 10);
        return checkout;
      };
      const punctual = await begin(sale, await sale.hold([{ n: 10 }]));
      const lucky = await late(0);
      await sale.expects(confirm(sale, lucky), 'hold_expired');
      await sale.expects(confirm(sale, punctual), 'ok');
      assert.equal((await payment(sale, lucky.saga)).status, 'created');
      await sale.expects(confirm(sale, lucky, true), 'ok');
      assert.equal((await payment(sale, lucky.saga)).status, 'authorized');
      assert.equal(await sale.seats(0, 0), 's');
      const unlucky = await late(1);
      const quicker = await sale.hold([{ n: 1 }]);
      await sale.expects(confirm(sale, unlucky, true), 'seats_lost');
      const voiding = await payment(sale, unlucky.saga);
      assert.deepEqual(
        [voiding.status, voiding.failure, voiding.ref, voiding.version],
        ['voiding', 'seats_lost', 'ref', 2],
      );
      await sale.expects(sale.change(quicker.id, 'release'), 'ok');
      await sale.expects(confirm(sale, unlucky, true), 'seats_lost');
      assert.deepEqual(await payment(sale, unlucky.saga), voiding);
      assert.equal(await sale.seats(1, 1), 'f');
      await sale.rows(`UPDATE payment SET status = 'voided', version = version + 1 WHERE id = $1`, [
        unlucky.saga,
      ]);
      await sale.expects(release(sale, unlucky), 'not_paying');
      assert.deepEqual(await payment(sale, unlucky.saga), { ...voiding, status: 'voided', version: 3 });
    },
  },
  {
    name: 'a capture that is refused takes the seats back, and what was to be refunded was never paid',
    async run(sale) {
      const held = await sale.hold([{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }]);
      const checkout = await begin(sale, held);
      const undo = ({ saga, lease } = checkout) =>
        sale.call('checkout_undo_v1', saga, lease, 'capture_failed', 0);
      await sale.expects(undo(), 'ok');
      assert.equal((await sale.booking(held.id)).status, 'paying');
      await sale.expects(confirm(sale, checkout), 'ok');
      const give = async (item: string) => {
        const begun = await cancel(sale, held, [item], [[item, 5_000]]);
        assert.equal(begun.outcome, 'ok');
        return begun;
      };
      const [a, b, c] = held.items as [string, string, string, string];
      const [begun, unsure, done] = [await give(a), await give(b), await give(c)];
      await sale.rows(`UPDATE refund SET status = 'unknown', version = version + 1 WHERE id = $1`, [
        unsure.refund,
      ]);
      await sale.expects(finish(sale, done), 'ok');
      const paidBack = await refund(sale, done.refund);
      await sale.expects(undo(), 'ok');
      assert.equal((await sale.booking(held.id)).status, 'cancelled');
      assert.equal(await sale.seats(0, 3), 'ffff');
      const { status, failure, version } = await payment(sale, checkout.saga);
      assert.deepEqual([status, failure, version], ['voiding', 'capture_failed', 3]);
      const stands = async ({ refund: id }: { refund: string }) => {
        const { status, amount, payment, version } = await refund(sale, id);
        return [status, amount, payment, version];
      };
      assert.deepEqual(
        [await stands(begun), await stands(unsure)],
        [
          ['succeeded', 0, null, 2],
          ['succeeded', 0, null, 3],
        ],
      );
      assert.deepEqual(await refund(sale, done.refund), paidBack);
      await sale.expects(undo(), 'ok');
      const whole = await sale.hold([{ n: 10 }, { area: 0 }]);
      const other = await begin(sale, whole);
      await sale.expects(confirm(sale, other), 'ok');
      await sale.expects(undo(other), 'ok');
      assert.equal((await sale.booking(whole.id)).status, 'cancelled');
      assert.deepEqual([await sale.seats(10, 10), (await sale.area()).booked], ['f', 0]);
    },
  },
  {
    name: 'a cancellation pays what was offered, at most what is left, and frees the seats when it is accepted',
    async run(sale) {
      const booking = await sold(sale, [{ n: 0 }, { n: 1 }, { n: 10 }], { declined: true });
      const [a, b, c] = booking.items as [string, string, string];
      const offered: [string, number][] = [
        [a, 4_000],
        [b, 5_000],
        [c, 3_000],
      ];
      assert.equal((await cancel(sale, booking, [a, randomUUID()], offered)).outcome, 'items_not_confirmed');
      assert.equal((await cancel(sale, booking, [a], [[b, 5_000]])).outcome, 'items_not_confirmed');
      const first = await cancel(sale, booking, [a], offered, { key: 'k' });
      assert.equal(first.outcome, 'ok');
      assert.deepEqual(
        { ...(await refund(sale, first.refund)), key: '' },
        {
          status: 'created',
          amount: 4_000,
          price: 5_000,
          version: 1,
          payment: booking.saga,
          key: '',
          settled: null,
        },
      );
      assert.deepEqual(await onItsWay(sale, first.saga), {
        state: 'running',
        step: 0,
        attempts: 1,
        leased: true,
        steps: [{ step: 0, undo: false, name: 'refund', outcome: null, attempts: 1 }],
      });
      const refused = await cancel(sale, booking, [a, randomUUID()], offered, { key: 'l' });
      assert.equal(refused.outcome, 'items_not_confirmed');
      assert.equal((await cancel(sale, booking, [a], offered, { key: 'k' })).outcome, 'replay');
      assert.equal((await cancel(sale, booking, [a], offered)).outcome, 'ok');
      assert.equal((await cancel(sale, booking, [a, randomUUID()], offered)).outcome, 'items_not_confirmed');
      assert.equal(await sale.seats(0, 0), 's');
      await sale.expects(finish(sale, first), 'ok');
      assert.equal(await sale.seats(0, 1), 'fs');
      const done = await refund(sale, first.refund);
      assert.deepEqual([done.status, done.version], ['succeeded', 2]);
      await sale.expects(finish(sale, first), 'ok');
      // Less was paid than the rest is worth.
      await sale.rows('UPDATE payment SET amount = 10000 WHERE id = $1', [booking.saga]);
      const rest = await cancel(
        sale,
        booking,
        [a, b, c],
        [
          [b, 5_000],
          [c, 3_000],
        ],
      );
      assert.equal(rest.outcome, 'ok');
      assert.deepEqual(
        [(await refund(sale, rest.refund)).amount, (await refund(sale, rest.refund)).price],
        [6_000, 8_000],
      );
      await sale.expects(finish(sale, rest), 'ok');
      assert.equal((await sale.booking(booking.id)).status, 'cancelled');
      assert.equal((await cancel(sale, booking, null, offered)).outcome, 'ok');
      const lapsed = await sale.hold([{ n: 4 }]);
      await sale.age(lapsed, 601);
      assert.equal((await cancel(sale, lapsed, null, [[lapsed.items[0]!, 1]])).outcome, 'not_confirmed');
      assert.equal((await sale.booking(lapsed.id)).status, 'held', 'is not ended by it');
      const unpaid = await sale.hold([{ n: 5 }]);
      assert.equal((await cancel(sale, unpaid, null, [[unpaid.items[0]!, 1]])).outcome, 'not_confirmed');
      assert.equal(
        (await cancel(sale, unpaid, null, [[unpaid.items[0]!, 1]], { key: 'z' })).outcome,
        'not_confirmed',
      );
      assert.equal(
        (await cancel(sale, unpaid, null, [[unpaid.items[0]!, 1]], { key: 'z' })).outcome,
        'not_confirmed',
      );
    },
  },
  {
    name: 'goodwill pays back at most what is left, and the tickets stay good',
    async run(sale) {
      const booking = await sold(sale, [{ n: 0 }]);
      const give = async (amount: number, key: string | null = null, paid = booking.saga) => {
        const [refundId, sagaId, lease] = [randomUUID(), randomUUID(), randomUUID()];
        const answer = await sale.call(
          'goodwill_begin_v1',
          paid,
          amount,
          refundId,
          sagaId,
          lease,
          30,
          sale.organizer,
          key,
          'refund',
          key ? HASH : null,
          'corr',
        );
        return { ...answer, refund: refundId, saga: sagaId, lease, left: answer.left };
      };
      const too = await give(5_001, 'k');
      assert.deepEqual([too.outcome, too.left], ['refund_exceeds_payment', 5_000]);
      const whole = await sold(sale, [{ n: 10 }]);
      assert.equal((await give(3_000, null, whole.saga)).outcome, 'ok');
      const some = await give(2_000, 'k');
      assert.equal(some.outcome, 'ok');
      assert.equal((await give(9_000, 'z')).outcome, 'refund_exceeds_payment');
      assert.equal((await give(2_000, 'k')).outcome, 'replay');
      assert.deepEqual(
        [(await refund(sale, some.refund)).amount, (await refund(sale, some.refund)).price],
        [2_000, 0],
      );
      await sale.expects(finish(sale, some), 'ok');
      assert.equal(await sale.seats(0, 0), 's');
      assert.equal((await give(3_001)).outcome, 'refund_exceeds_payment');
      const later = await cancel(sale, booking, null, [[booking.items[0]!, 5_000]]);
      assert.equal((await refund(sale, later.refund)).amount, 3_000);
      assert.equal((await give(1)).outcome, 'refund_exceeds_payment');
      await sale.rows(`UPDATE payment SET status = 'authorized', version = version + 1 WHERE id = $1`, [
        booking.saga,
      ]);
      await sale.rows('DELETE FROM refund WHERE payment_id = $1', [booking.saga]);
      assert.deepEqual((await give(1)).left, 0);
    },
  },
  {
    name: 'money is told of as the change of its booking, else as it was before; a new refund as its saga',
    async run(sale) {
      const told = async (id: string, version: number) => {
        const { actor, correlation } = await sale.one<{ actor: string | null; correlation: string | null }>(
          'SELECT actor, correlation_id AS correlation FROM fact WHERE stream_id = $1 AND stream = $2 AND version = $3',
          [id, id === paid ? 'payment' : 'refund', version],
        );
        return [actor, correlation];
      };
      const fact = (stream: string, id: string, version: number, correlation: string, earlier = false) =>
        sale.rows(
          `INSERT INTO fact (xid, event_id, stream, stream_id, version, type, data, actor, correlation_id)
           VALUES (CASE WHEN $6 THEN '3'::xid8 ELSE pg_current_xact_id() END, $1, $2::text, $3, $4, $2::text || '.moved', '{}',
                   $7, $5)`,
          [sale.event, stream, id, version, correlation, earlier, randomUUID()],
        );
      const begins = async (booking: string, payment: string) => {
        const [refundId, sagaId] = [randomUUID(), randomUUID()];
        await sale.rows(
          `SELECT saga_start_v1($1, 'goodwill', $2, $3, '{}', NULL, NULL, 0, $4, 'of the saga')`,
          [sagaId, booking, sale.event, sale.organizer],
        );
        await sale.rows(
          `INSERT INTO refund (id, payment_id, event_id, booking_id, amount, price, currency, items, cause, saga_id, idempotency_key)
           VALUES ($1::uuid, $2, $3, $5, 100, 0, 'EUR', '{}', 'goodwill', $4, 'ref_' || $1::uuid)`,
          [refundId, payment, sale.event, sagaId, booking],
        );
        return refundId;
      };
      const paid = randomUUID();
      const booking = await silent(sale);
      await fact('booking', booking, 1, 'of an earlier transaction', true);
      await fact('ticket', booking, 2, 'of a ticket');
      await sale.rows(
        `INSERT INTO payment (id, event_id, booking_id, user_id, provider, method, amount, currency, idempotency_key)
         VALUES ($1::uuid, $2, $3, $1::uuid, 'sandbox', 'card', 100, 'EUR', 'pay_' || $1::uuid)`,
        [paid, sale.event, booking],
      );
      assert.deepEqual(await told(paid, 1), [null, null]);
      const back = await begins(booking, paid);
      assert.deepEqual(await told(back, 1), [sale.organizer, 'of the saga']);
      await sale.rows(`UPDATE refund SET status = 'unknown', version = 2 WHERE id = $1`, [back]);
      assert.deepEqual(await told(back, 2), [null, 'of the saga']);
      await fact('refund', back, 3, 'of an operator');
      await fact('ticket', back, 4, 'of a ticket');
      await sale.rows(`UPDATE refund SET status = 'succeeded', version = 4 WHERE id = $1`, [back]);
      assert.deepEqual(await told(back, 4), [null, 'of an operator']);
      const changed = await sold(sale, [{ n: 0 }]);
      assert.deepEqual(await told(await begins(changed.id, changed.saga), 1), [changed.user, 'corr']);
    },
  },
  {
    name: 'a cancelled event goes in pieces: a thousand places, a hundred holds, one booking at least',
    async run(sale) {
      /** Bookings of so many places each, in the order of their ids. */
      const make = (count: number, places: number, status: string) =>
        sale.rows(
          `WITH made AS (
             INSERT INTO booking (event_id, id, user_id, code, status, expires_at, held_until, currency, total, created_at)
             SELECT $1, id, id, id::text, $4, now() + interval '1 h', now() + interval '1 h', 'EUR', 0, now()
             FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, $2)) ids RETURNING id
           )
           INSERT INTO booking_item (event_id, booking_id, id, area, price, status)
           SELECT $1, made.id, gen_random_uuid(), 0, 0, $4 FROM made, generate_series(1, $3)`,
          [sale.event, count, places, status],
        );
      await sale.rows(
        'UPDATE area SET capacity = 9999, held = 3303, booked = 2201 WHERE event_id = $1 AND area = 0',
        [sale.event],
      );
      await sale.set(`status = 'cancelled'`);
      const [id, lease] = [randomUUID(), randomUUID()];
      await sale.rows(`SELECT saga_start_v1($1, 'event', $2, $2, '{}', NULL, $3, 30, NULL, 'corr')`, [
        id,
        sale.event,
        lease,
      ]);
      const release = async () =>
        (await sale.call('event_release_v1', id, lease, sale.event, sale.organizer, 0, 'corr')).ended;
      await make(2, 1_001, 'held');
      assert.deepEqual([await release(), await release(), await release()], [1, 1, 0]);
      await make(12, 100, 'held');
      assert.deepEqual([await release(), await release(), await release()], [10, 2, 0]);
      await make(101, 1, 'held');
      assert.deepEqual([await release(), await release(), await release()], [100, 1, 0]);
      const refund = async (after: unknown) => {
        const ids = () => Array.from({ length: 20 }, () => randomUUID());
        return sale.call('event_refund_v1', id, lease, sale.event, after, ids(), ids(), null, 0, 'corr');
      };
      await make(1, 1_001, 'confirmed');
      const alone = await refund(null);
      assert.equal(alone.ended, 1);
      await make(12, 100, 'confirmed');
      const first = await refund(null);
      const second = await refund(first.last);
      assert.deepEqual([first.ended, second.ended, (await refund(second.last)).ended], [10, 2, 0]);
    },
  },
  {
    name: 'an operator tries a refused refund again under a new key, or ends it',
    async run(sale) {
      const booking = await sold(sale, [{ n: 0 }, { n: 1 }]);
      const begun = await cancel(sale, booking, [booking.items[0]!], [[booking.items[0]!, 4_000]]);
      const settle = (id: string, how = 'not_owed') =>
        sale.call('refund_settle_v1', id, how, 'note', sale.organizer, 'corr');
      const reopen = () =>
        sale.rows('SELECT refund_reopen_v1($1, $2, $3)', [begun.saga, begun.lease, begun.refund]);
      await reopen();
      assert.equal((await refund(sale, begun.refund)).version, 1);
      await sale.rows(`UPDATE refund SET status = 'refused', failure = 'no', version = 2 WHERE id = $1`, [
        begun.refund,
      ]);
      await reopen();
      const again = await refund(sale, begun.refund);
      assert.deepEqual([again.status, again.version, again.key], ['created', 3, `ref_${begun.refund}_3`]);
      await sale.expects(settle(begun.refund), 'refund_not_stuck');
      await sale.expects(settle(randomUUID()), 'not_found');
      await sale.rows(`UPDATE saga SET state = 'stuck', due_at = NULL, lease = NULL WHERE id = $1`, [
        begun.saga,
      ]);
      await sale.expects(settle(begun.refund, 'paid_elsewhere'), 'ok');
      const ended = await refund(sale, begun.refund);
      assert.deepEqual([ended.amount, ended.version, ended.settled], [4_000, 4, 'paid_elsewhere']);
      assert.equal((await saga(sale, begun.saga)).state, 'running');
      const told = (await sale.facts(begun.refund)).at(-1)!;
      assert.deepEqual(
        [told.type, told.version, told.data.how, told.data.amount],
        ['refund.settled', 4, 'paid_elsewhere', 4_000],
      );
      await sale.rows(`UPDATE saga SET state = 'stuck', due_at = NULL, lease = NULL WHERE id = $1`, [
        begun.saga,
      ]);
      await sale.expects(settle(begun.refund), 'ok');
      assert.equal((await refund(sale, begun.refund)).amount, 0);
    },
  },
  {
    name: 'a cancelled event frees its holds, leaves payments under way, and refunds what was sold, in pieces',
    async run(sale) {
      const bookings = [];
      for (const seats of [[0], [1, 2], [3], [6], [7], [8], [14]])
        bookings.push(
          await sold(
            sale,
            seats.map((n) => ({ n })),
          ),
        );
      const partly = await sold(sale, [{ n: 4 }, { n: 5 }]);
      const gone = await cancel(sale, partly, [partly.items[0]!], [[partly.items[0]!, 5_000]]);
      await sale.expects(finish(sale, gone), 'ok');
      bookings.push({ ...partly, prices: partly.prices.slice(1) });
      bookings.sort((a, b) => (a.id < b.id ? -1 : 1));
      const elsewhere = await sold(await new SqlSale(sale.db).open(), [{ n: 0 }]);
      const held = await sale.hold([{ n: 10 }]);
      const lapsed = await sale.hold([{ n: 11 }]);
      const paying = await sale.hold([{ n: 12 }]);
      const overdue = await sale.hold([{ n: 13 }]);
      await sale.change(paying.id, 'pay');
      await sale.change(overdue.id, 'pay');
      await sale.age(lapsed, 601);
      await sale.age(overdue, 901);
      const [id, lease] = [randomUUID(), randomUUID()];
      await sale.rows(`SELECT saga_start_v1($1, 'event', $2, $2, '{}', NULL, $3, 30, NULL, 'corr')`, [
        id,
        sale.event,
        lease,
      ]);
      await sale.set(`status = 'cancelled'`);
      const released = await sale.call('event_release_v1', id, lease, sale.event, sale.organizer, 0, 'corr');
      assert.deepEqual([released.outcome, released.ended], ['ok', 3]);
      const status = async ({ id }: { id: string }) => (await sale.booking(id)).status;
      assert.deepEqual(
        [await status(held), await status(lapsed), await status(paying), await status(overdue)],
        ['released', 'expired', 'paying', 'expired'],
      );
      /** At most so many after the given one. */
      const part = async (after: string | null, most: number, actor: string | null = null) => {
        const refunds = Array.from({ length: most }, () => randomUUID());
        const answer = await sale.call(
          'event_refund_v1',
          id,
          lease,
          sale.event,
          after,
          refunds,
          refunds.map(() => randomUUID()),
          actor,
          0,
          'corr',
        );
        return { ...answer, refunds, ended: answer.ended, last: answer.last };
      };
      const total = (booking: { prices: number[] }) => booking.prices.reduce((sum, price) => sum + price, 0);
      const [first, ...others] = bookings as [(typeof bookings)[0], ...typeof bookings];
      await sale.withoutIndexes();
      const second = await part(first.id, 3, sale.organizer);
      assert.deepEqual([second.outcome, second.ended, second.last], ['ok', 3, others[2]!.id]);
      assert.equal(await status(first), 'confirmed', 'comes before that piece');
      for (const [i, booking] of others.entries())
        assert.equal(await status(booking), i < 3 ? 'cancelling' : 'confirmed');
      for (const [i, made] of second.refunds.entries()) {
        const { amount, price } = await refund(sale, made);
        assert.deepEqual([amount, price], [total(others[i]!), total(others[i]!)]);
      }
      assert.equal(
        (await sale.facts(second.refunds[0]!))[0]!.actor,
        sale.organizer,
        'as the last change of the booking',
      );
      const third = await part(second.last as string, 10);
      assert.deepEqual([third.ended, third.last], [4, others[6]!.id]);
      const rest = await part(null, 2);
      assert.deepEqual([rest.ended, rest.last], [1, first.id]);
      const none = await part(others[6]!.id, 1);
      assert.deepEqual([none.outcome, none.ended], ['ok', 0]);
      assert.equal(await status(elsewhere), 'confirmed');
    },
  },
  {
    name: 'what a booking refuses to cancel is not paid back',
    async run(sale) {
      const held = await sale.hold([{ n: 0 }]);
      await sale.expects(
        sale.call(
          'cancellation_start_v1',
          sale.event,
          held.id,
          held.items,
          5_000,
          'buyer',
          randomUUID(),
          randomUUID(),
          randomUUID(),
          30,
          held.user,
          0,
          'corr',
        ),
        'not_confirmed',
      );
      await silent(sale);
      const [id, lease] = [randomUUID(), randomUUID()];
      await sale.rows(`SELECT saga_start_v1($1, 'event', $2, $2, '{}', NULL, $3, 30, NULL, 'corr')`, [
        id,
        sale.event,
        lease,
      ]);
      const ids = [randomUUID()];
      const piece = await sale.call(
        'event_refund_v1',
        id,
        lease,
        sale.event,
        null,
        ids,
        [randomUUID()],
        null,
        0,
        'corr',
      );
      assert.deepEqual(piece, { outcome: 'items_not_confirmed' });
      assert.deepEqual(await sale.rows('SELECT 1 FROM refund WHERE event_id = $1', [sale.event]), []);
      assert.deepEqual(
        await sale.rows('SELECT 1 FROM saga WHERE event_id = $1 AND id <> $2', [sale.event, id]),
        [],
      );
    },
  },
  {
    name: 'a saga is led by one, pauses, is woken, sticks and goes on where it was',
    async run(sale) {
      const [id, lease, other] = [randomUUID(), randomUUID(), randomUUID()];
      const settle = (values: {
        by?: string;
        outcome?: string | null;
        state?: string;
        step?: number;
        pause?: number | null;
        patch?: object;
        reason?: string | null;
      }) =>
        sale.rows<{ state: string }>(
          'SELECT state FROM saga_settle_v1($1, $2, 30, $3, $4, $5, $6, $7, $8, $9)',
          [
            id,
            values.by ?? lease,
            values.outcome ?? null,
            values.reason ?? null,
            JSON.stringify(values.patch ?? {}),
            values.state ?? 'running',
            values.step ?? 0,
            values.pause ?? null,
            'name',
          ],
        );
      const claim = async (only: string | null, by = other) =>
        (await sale.rows('SELECT id FROM saga_claim_v1($1, $2, 30, 5)', [only, by])).length;
      await sale.rows(`SELECT saga_start_v1($1, 'test', $1, NULL, '{"a": 1}', NULL, $2, 30, NULL, 'corr')`, [
        id,
        lease,
      ]);
      let found = await saga(sale, id);
      assert.deepEqual([found.state, found.step, found.attempts, found.leased], ['running', 0, 0, true]);
      assert.equal(await claim(id), 0);
      assert.equal((await settle({ by: other })).length, 0);
      await settle({});
      found = await saga(sale, id);
      assert.equal(found.attempts, 1);
      near(found.due, 30);
      await settle({ outcome: 'done', step: 1, patch: { b: 2 } });
      found = await saga(sale, id);
      assert.deepEqual([found.step, found.attempts, found.leased], [1, 1, true]);
      const steps = await sale.rows<{ step: number; outcome: string | null; attempts: number }>(
        'SELECT step, outcome, attempts FROM saga_step WHERE saga_id = $1 ORDER BY step',
        [id],
      );
      assert.deepEqual(steps, [
        { step: 0, outcome: 'done', attempts: 1 },
        { step: 1, outcome: null, attempts: 1 },
      ]);
      await settle({ outcome: 'more', step: 1 });
      found = await saga(sale, id);
      assert.deepEqual([found.attempts, found.leased], [1, true]);
      await settle({ outcome: 'again', step: 1, pause: 100, reason: 'later' });
      found = await saga(sale, id);
      assert.deepEqual([found.attempts, found.leased], [1, false]);
      near(found.due, 100);
      const became = async () =>
        (await onItsWay(sale, id)).steps.map(({ step, undo, outcome, attempts }) => [
          undo ? 'undo' : 'do',
          step,
          outcome,
          attempts,
        ]);
      assert.deepEqual(await became(), [
        ['do', 0, 'done', 1],
        ['do', 1, 'again', 2],
      ]);
      assert.equal(await claim(null), 0);
      assert.equal(await claim(id, lease), 1);
      near((await saga(sale, id)).due, 30);
      await settle({ outcome: 'wait', step: 1, pause: 100 });
      found = await saga(sale, id);
      assert.equal(found.attempts, 0);
      near(found.due, 100);
      assert.equal(await claim(id, lease), 1);
      await sale.rows('SELECT saga_retry_v1($1)', [id]);
      await settle({ outcome: 'wait', step: 1, pause: 100 });
      found = await saga(sale, id);
      assert.ok(found.due! < 1);
      assert.equal(found.attempts, 0);
      assert.equal(await claim(null, lease), 1);
      await settle({ outcome: 'stuck', state: 'stuck', step: 1 });
      await sale.rows('SELECT saga_retry_v1($1)', [id]);
      assert.equal((await saga(sale, id)).state, 'running');
      assert.equal(await claim(null, lease), 1);
      await settle({ outcome: 'refused', state: 'compensating', step: 0 });
      assert.equal((await sale.rows('SELECT 1 FROM saga_step WHERE saga_id = $1 AND undo', [id])).length, 1);
      await settle({ outcome: 'again', state: 'compensating', step: 0, pause: 100 });
      const [hurried] = await sale.rows<{ done: boolean }>('SELECT saga_retry_v1($1) AS done', [id]);
      assert.equal(hurried!.done, true);
      found = await saga(sale, id);
      assert.equal(found.state, 'compensating', 'goes on in its direction');
      assert.ok(found.due! < 1);
      assert.equal(await claim(null, lease), 1);
      await settle({ outcome: 'stuck', state: 'stuck', step: 0, reason: 'no' });
      found = await saga(sale, id);
      assert.deepEqual([found.state, found.leased, found.due], ['stuck', false, null]);
      assert.deepEqual(await became(), [
        ['do', 0, 'done', 1],
        ['do', 1, 'refused', 2],
        ['undo', 0, 'stuck', 1],
      ]);
      assert.equal(await claim(id), 0);
      const [retried] = await sale.rows<{ done: boolean }>('SELECT saga_retry_v1($1) AS done', [id]);
      assert.equal(retried!.done, true);
      assert.deepEqual([(await saga(sale, id)).state, (await saga(sale, id)).attempts], ['compensating', 0]);
      assert.equal(await claim(null, lease), 1);
      await settle({ outcome: 'done', state: 'compensated', step: 0 });
      const [again] = await sale.rows<{ done: boolean }>('SELECT saga_retry_v1($1) AS done', [id]);
      assert.equal(again!.done, false);
      assert.deepEqual(await became(), [
        ['do', 0, 'done', 1],
        ['do', 1, 'refused', 2],
        ['undo', 0, 'done', 1],
      ]);
      const { data, reason } = await sale.one<{ data: object; reason: string }>(
        'SELECT data, reason FROM saga WHERE id = $1',
        [id],
      );
      assert.deepEqual([data, reason], [{ a: 1, b: 2 }, 'no']);
    },
  },
  {
    name: 'sagas go on when they are due, at the very moment, the earliest first; one alone at once, unless somebody leads it',
    async run(sale) {
      await sale.freeze();
      const start = async (lease: string | null = null) => {
        const id = randomUUID();
        await sale.rows(`SELECT saga_start_v1($1, 'test', $1, NULL, '{}', NULL, $2, 30, NULL, 'corr')`, [
          id,
          lease,
        ]);
        return id;
      };
      const due = (id: string, seconds: number) =>
        sale.rows('UPDATE saga SET due_at = clock_timestamp() + make_interval(secs => $2) WHERE id = $1', [
          id,
          seconds,
        ]);
      const claim = async (only: string | null, most = 5) =>
        (
          await sale.rows<{ id: string }>('SELECT id FROM saga_claim_v1($1, $2, 30, $3)', [
            only,
            randomUUID(),
            most,
          ])
        ).map(({ id }) => id);
      const now = await start();
      assert.deepEqual(await claim(null), [now], 'is due as it begins');
      assert.deepEqual(await claim(null), []);
      const overdue = [];
      for (const seconds of [1, 4, 2, 6, 3, 5]) {
        const id = await start();
        await due(id, -seconds);
        overdue.push({ id, seconds });
      }
      const [paused, led] = [await start(), await start(now)];
      await due(paused, 100);
      assert.deepEqual(await claim(paused), [paused]);
      assert.deepEqual(await claim(paused), []);
      assert.deepEqual(await claim(led), []);
      await sale.withoutIndexes();
      for (const { id } of overdue.toSorted((a, b) => b.seconds - a.seconds))
        assert.deepEqual(await claim(null, 1), [id]);
      assert.deepEqual(await claim(null), []);
      await due(led, 0);
      assert.deepEqual(await claim(led), [led], 'when its lease is over');
    },
  },
];
