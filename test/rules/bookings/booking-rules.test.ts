import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import {
  BOOKING_STATUSES,
  type BookingFact,
  type BookingFactType,
  END_REASONS,
  ITEM_STATUSES,
  replay,
  TRANSITIONS,
} from '../../../src/bookings/booking.rules.js';
import type { FactMap } from '../../../src/platform/facts/fact-map.js';

const HELD_UNTIL = '2027-08-01T10:10:00.000Z';
const EXTENDED = '2027-08-01T10:20:00.000Z';
const PAYING_UNTIL = '2027-08-01T10:35:00.000Z';
const HELD: FactMap['booking.held'] = {
  userId: 'buyer',
  code: 'K7RM-2XQF',
  currency: 'EUR',
  total: 5000,
  expiresAt: HELD_UNTIL,
  items: [
    ['i1', 7, null, 2000],
    ['i2', null, 0, 3000],
  ],
};

/** The facts of one booking, in order. */
function facts(...steps: (readonly [type: BookingFactType, data?: object])[]): BookingFact[] {
  return steps.map(
    ([type, data = {}], i) =>
      ({
        type,
        data: type === 'booking.held' ? HELD : data,
        stream: 'booking',
        streamId: 'b',
        version: i + 1,
        pos: `${i}`,
        eventId: 'e',
        actor: null,
        correlationId: null,
        occurredAt: new Date(0),
      }) as BookingFact,
  );
}
const held = ['booking.held'] as const;
const paying = ['booking.paying', { expiresAt: PAYING_UNTIL, try: 1 }] as const;
const confirmed = ['booking.confirmed'] as const;
const expired = ['booking.expired'] as const;
const booking = (...steps: Parameters<typeof facts>) => {
  const { status, items } = replay(facts(...steps));
  return [status, ...items.map((item) => item.status)];
};

describe('a booking as its facts tell it', () => {
  test('begins as a hold', () => {
    assert.deepEqual(replay(facts(held)), {
      status: 'held',
      userId: 'buyer',
      code: 'K7RM-2XQF',
      expiresAt: new Date(HELD_UNTIL),
      heldUntil: new Date(HELD_UNTIL),
      extended: false,
      tries: 0,
      currency: 'EUR',
      total: 5000,
      version: 1,
      items: [
        { id: 'i1', n: 7, area: null, price: 2000, status: 'held' },
        { id: 'i2', n: null, area: 0, price: 3000, status: 'held' },
      ],
    });
  });

  test('goes from state to state with its items', () => {
    assert.deepEqual(booking(held, ['booking.extended', { expiresAt: EXTENDED }]), ['held', 'held', 'held']);
    assert.deepEqual(booking(held, ['booking.accepted', { expiresAt: EXTENDED }]), ['held', 'held', 'held']);
    assert.deepEqual(booking(held, paying), ['paying', 'held', 'held']);
    assert.deepEqual(booking(held, paying, ['booking.declined', { expiresAt: HELD_UNTIL }]), [
      'held',
      'held',
      'held',
    ]);
    assert.deepEqual(booking(held, paying, confirmed), ['confirmed', 'confirmed', 'confirmed']);
    assert.deepEqual(booking(held, ['booking.released']), ['released', 'released', 'released']);
    assert.deepEqual(booking(held, expired), ['expired', 'expired', 'expired']);
    assert.deepEqual(booking(held, paying, expired), ['expired', 'expired', 'expired']);
    assert.deepEqual(booking(held, expired, ['booking.restored']), ['confirmed', 'confirmed', 'confirmed']);
  });

  test('is cancelled in parts: confirmed while a ticket is valid, cancelling until the last refund is done', () => {
    const sold = [held, paying, confirmed] as const;
    const part = ['booking.cancelling', { items: ['i1'] }] as const;
    const refunded = ['booking.cancelled', { items: ['i1'] }] as const;
    assert.deepEqual(booking(...sold, part), ['confirmed', 'cancelling', 'confirmed']);
    assert.deepEqual(booking(...sold, part, refunded), ['confirmed', 'cancelled', 'confirmed']);
    const rest = ['booking.cancelling', {}] as const;
    assert.deepEqual(booking(...sold, part, rest), ['cancelling', 'cancelling', 'cancelling']);
    assert.deepEqual(booking(...sold, part, rest, refunded), ['cancelling', 'cancelled', 'cancelling']);
    assert.deepEqual(booking(...sold, rest, ['booking.cancelled']), ['cancelled', 'cancelled', 'cancelled']);
  });

  test('has other places instead of lost ones after a late payment', () => {
    const replaced = ['booking.replaced', { items: ['i2'], added: [['i9', 9, null, 2000]] }] as const;
    const late = replay(facts(held, expired, replaced));
    assert.deepEqual([late.status, late.total, late.version], ['confirmed', 5000, 3]);
    assert.deepEqual(
      late.items.map(({ id, n, price, status }) => [id, n, price, status]),
      [
        ['i1', 7, 2000, 'expired'],
        ['i2', null, 3000, 'confirmed'],
        ['i9', 9, 2000, 'confirmed'],
      ],
    );
  });

  test('has a deadline of its hold, and another while it is being paid', () => {
    const until = (...steps: Parameters<typeof facts>) => {
      const { expiresAt, heldUntil, extended, tries } = replay(facts(...steps));
      return [expiresAt.toISOString(), heldUntil.toISOString(), extended, tries];
    };
    const extended = ['booking.extended', { expiresAt: EXTENDED }] as const;
    assert.deepEqual(until(held, extended), [EXTENDED, EXTENDED, true, 0]);
    assert.deepEqual(until(held, ['booking.accepted', { expiresAt: EXTENDED }]), [
      EXTENDED,
      EXTENDED,
      false,
      0,
    ]);
    assert.deepEqual(until(held, paying), [PAYING_UNTIL, HELD_UNTIL, false, 1]);
    const declined = ['booking.declined', { expiresAt: EXTENDED }] as const;
    assert.deepEqual(until(held, extended, paying, declined), [EXTENDED, EXTENDED, true, 1]);
    const again = ['booking.paying', { expiresAt: PAYING_UNTIL, try: 2 }] as const;
    assert.deepEqual(until(held, paying, declined, again), [PAYING_UNTIL, EXTENDED, false, 2]);
    assert.deepEqual(until(held, paying, confirmed), [PAYING_UNTIL, HELD_UNTIL, false, 1]);
  });
});

describe('facts that do not follow the lifecycle', () => {
  test('begin otherwise, begin twice or leave one out', () => {
    assert.throws(() => replay([]), /begins with booking\.held/);
    assert.throws(() => replay(facts(paying)), /booking\.paying 1 cannot follow undefined undefined/);
    assert.throws(() => replay(facts(held, held)), /booking\.held twice/);
    const gap = facts(held, paying, confirmed);
    assert.throws(() => replay([gap[0]!, gap[2]!]), /booking\.confirmed 3 cannot follow held 1/);
    const twice = [gap[0]!, gap[1]!, { ...gap[2]!, version: 2 }];
    assert.throws(() => replay(twice), /booking\.confirmed 2 cannot follow paying 2/);
  });

  test('come from a state that does not allow them', () => {
    const ways = {
      held: [held],
      paying: [held, paying],
      confirmed: [held, paying, confirmed],
      cancelling: [held, paying, confirmed, ['booking.cancelling']],
      cancelled: [held, paying, confirmed, ['booking.cancelling'], ['booking.cancelled']],
      released: [held, ['booking.released']],
      expired: [held, expired],
    } as const;
    const allowed: Record<string, readonly string[]> = {
      'booking.extended': ['held'],
      'booking.accepted': ['held'],
      'booking.paying': ['held'],
      'booking.declined': ['paying'],
      'booking.confirmed': ['paying'],
      'booking.released': ['held'],
      'booking.expired': ['held', 'paying'],
      'booking.restored': ['expired'],
      'booking.replaced': ['expired'],
      'booking.cancelling': ['confirmed', 'cancelling'],
      'booking.cancelled': ['confirmed', 'cancelling'],
    };
    assert.deepEqual(Object.keys(TRANSITIONS).sort(), Object.keys(allowed).sort());
    for (const type of Object.keys(TRANSITIONS) as (keyof typeof TRANSITIONS)[]) {
      const data = { expiresAt: EXTENDED, try: 1, added: [] };
      const from = BOOKING_STATUSES.filter((status) => {
        const steps = facts(...ways[status], [type, data]);
        try {
          replay(steps);
          return true;
        } catch {
          return false;
        }
      });
      assert.deepEqual(from, allowed[type], type);
    }
  });
});

test('every status and reason has a name of its own', () => {
  for (const names of [BOOKING_STATUSES, ITEM_STATUSES, END_REASONS]) {
    assert.ok(names.every((name) => /^[a-z_]+$/.test(name)));
    assert.equal(new Set<string>(names).size, names.length);
  }
  assert.deepEqual([BOOKING_STATUSES.length, ITEM_STATUSES.length, END_REASONS.length], [7, 6, 7]);
});
