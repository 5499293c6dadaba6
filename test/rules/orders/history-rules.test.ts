import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import {
  type CheckoutOutcome,
  checkoutOutcome,
  PAYING_SECONDS,
} from '../../../src/orders/checkout/checkout.rules.js';
import { inventoryOf, replayEvent } from '../../../src/orders/history/event-replay.rules.js';
import { type ToldFact, tell } from '../../../src/orders/history/history.rules.js';
import type { AnyFact, Fact, FactMap, FactType } from '../../../src/platform/facts/fact-map.js';

const AT = new Date('2027-08-01T10:00:00.000Z');
const DEADLINE = '2027-08-01T10:10:00.000Z';
const LATER = '2027-08-01T10:25:00.000Z';

/** A fact of the stream that its type names. */
function fact<T extends FactType>(
  type: T,
  streamId: string,
  version: number,
  data: FactMap[T],
  actor: string | null = null,
): Fact<T> {
  const known: AnyFact & { type: T; data: FactMap[T] } = {
    type,
    data,
    stream: type.startsWith('seats.') ? 'inventory' : type.split('.')[0]!,
    streamId,
    version,
    actor,
    pos: `${version}`,
    eventId: 'event',
    correlationId: null,
    occurredAt: AT,
  };
  return known as Fact<T>;
}

describe('the outcome of a checkout', () => {
  type Case = [...Parameters<typeof checkoutOutcome>, CheckoutOutcome];
  const failed = ['declined', 'voiding', 'voided'];
  const cases: Case[] = [
    ['paying', 'unknown', 'published', 'paying'],
    ['paying', 'authorized', 'cancelled', 'paying'],
    ['confirmed', 'captured', 'published', 'confirmed'],
    ['confirmed', 'captured', 'cancelled', 'event_cancelled'],
    ['cancelled', 'captured', 'cancelled', 'event_cancelled'],
    ['released', 'voided', 'published', 'hold_expired'],
    ['expired', undefined, 'published', 'hold_expired'],
    ['held', undefined, 'published', 'hold_expired'],
    ['held', 'captured', 'completed', 'hold_expired'],
    ['cancelled', 'captured', 'published', 'confirmed'],
    ['cancelling', undefined, 'published', 'confirmed'],
    ...failed.map((payment): Case => ['held', payment, 'published', 'payment_declined']),
    ...failed.map((payment): Case => ['cancelled', payment, 'published', 'payment_not_collected']),
  ];
  for (const [booking, payment, event, outcome] of cases)
    test(`${booking}, ${payment}, ${event}: ${outcome}`, () =>
      assert.equal(checkoutOutcome(booking, payment, event), outcome));

  test('may take a quarter of an hour to come', () => assert.equal(PAYING_SECONDS, 900));
});

describe('the history of a booking', () => {
  const money = { bookingId: 'b', amount: 4000, currency: 'EUR' };
  const held = {
    userId: 'buyer',
    code: 'K7RM',
    currency: 'EUR',
    total: 4000,
    expiresAt: DEADLINE,
    items: [['i1', 1, null, 2000]] as FactMap['booking.held']['items'],
  };

  test('says what, when, by whom, and the details that its buyer may know', () => {
    assert.deepEqual(tell('buyer', [fact('booking.held', 'b', 1, held, 'buyer')]), [
      {
        type: 'booking.held',
        text: 'Held',
        at: AT.toISOString(),
        by: 'buyer',
        subject: 'b',
        version: 1,
        expiresAt: DEADLINE,
      },
    ]);
    const facts = [
      fact('payment.captured', 'p', 3, money),
      fact('booking.cancelling', 'b', 4, { items: ['i1'] }, 'desk'),
      fact('booking.cancelled', 'b', 5, {}),
      fact('booking.replaced', 'b', 6, { items: ['i1'], added: [['i9', 9, null, 2000]] }),
      fact('ticket.issued', 't', 1, { bookingId: 'b', itemId: 'i1', userId: 'buyer' }),
    ];
    assert.deepEqual(
      tell('buyer', facts).map(({ by, amount, currency, items, expiresAt }) => [
        by,
        amount,
        currency,
        items,
        expiresAt,
      ]),
      [
        ['system', 4000, 'EUR', undefined, undefined],
        ['organizer', undefined, undefined, ['i1'], undefined],
        ['system', undefined, undefined, undefined, undefined],
        ['system', undefined, undefined, ['i9'], undefined],
        ['system', undefined, undefined, undefined, undefined],
      ],
    );
    const { items, ...rest } = tell('buyer', [facts[3]!])[0]!;
    assert.deepEqual([items, 'added' in rest], [['i9'], false]);
  });

  test('ends for a ticket with its transfer, whose acts are the recipient’s', () => {
    const transfer = { transferId: 'x' };
    const facts = [
      fact('ticket.transfer_offered', 't', 2, transfer, 'buyer'),
      fact('ticket.transfer_declined', 't', 3, transfer, 'friend'),
      fact('ticket.transferred', 't', 4, { ...transfer, from: 'buyer', to: 'friend' }, 'friend'),
      fact('ticket.checked_in', 't', 5, { gate: 'north' }, 'gate'),
      fact('ticket.checked_in', 'other', 2, { gate: 'north' }, 'gate'),
    ];
    assert.deepEqual(
      tell('buyer', facts).map(({ type, by, subject }) => [type, by, subject]),
      [
        ['ticket.transfer_offered', 'buyer', 't'],
        ['ticket.transfer_declined', 'recipient', 't'],
        ['ticket.transferred', 'recipient', 't'],
        ['ticket.checked_in', 'organizer', 'other'],
      ],
    );
  });

  test('has a text of its own for every kind', () => {
    const kinds = {
      booking:
        'held extended accepted paying declined confirmed restored replaced released expired cancelling cancelled',
      payment: 'created unknown requires_action authorized captured declined voiding voided',
      refund: 'created unknown succeeded refused settled',
      ticket:
        'issued checked_in check_in_undone transfer_offered transfer_declined transfer_withdrawn transfer_expired transferred',
    };
    const texts = Object.entries(kinds).flatMap(([family, names]) =>
      names.split(' ').map((name) => {
        const told = { ...fact('booking.confirmed', 's', 1, {}), type: `${family}.${name}` } as ToldFact;
        return tell('buyer', [told])[0]!.text;
      }),
    );
    assert.ok(texts.every((text) => text.length > 3));
    assert.equal(new Set(texts).size, 33);
  });
});

describe('the replay of an event', () => {
  const held = (id: string, items: FactMap['booking.held']['items'], userId = 'buyer') =>
    fact('booking.held', id, 1, { userId, code: id, currency: 'EUR', total: 0, expiresAt: DEADLINE, items });
  const offer = (bookingId: string) =>
    fact('waitlist.offered', `entry of ${bookingId}`, 2, {
      userId: 'buyer',
      bookingId,
      quantity: 1,
      expiresAt: DEADLINE,
    });

  test('gives its bookings, whose offers they are, and what does not follow the lifecycle', () => {
    const { bookings, broken } = replayEvent([
      held('plain', [['i1', 0, null, 100]]),
      held('offer', [['i2', 1, null, 100]]),
      held('accepted', [['i3', 2, null, 100]]),
      held('lapsed', [['i4', 3, null, 100]]),
      fact('booking.confirmed', 'wrong', 2, {}),
      offer('offer'),
      offer('accepted'),
      offer('lapsed'),
      fact('waitlist.expired', 'entry of lapsed', 3, { userId: 'buyer' }),
      fact('booking.accepted', 'accepted', 2, { expiresAt: LATER }),
      fact('booking.expired', 'lapsed', 2, {}),
    ]);
    assert.deepEqual(
      bookings.map(({ id, status, entryId, createdAt }) => [id, status, entryId, createdAt]),
      [
        ['plain', 'held', null, AT],
        ['offer', 'held', 'entry of offer', AT],
        ['accepted', 'held', null, AT],
        ['lapsed', 'expired', 'entry of lapsed', AT],
      ],
    );
    assert.deepEqual(broken, ['wrong: booking.confirmed 2 cannot follow undefined undefined']);
  });

  test('gives the plan, once it was published', () => {
    const created = fact('event.created', 'e', 1, { planId: 'first' } as FactMap['event.created']);
    const moved = fact('event.updated', 'e', 2, { planId: 'second' });
    const renamed = fact('event.updated', 'e', 3, { title: 'Other' });
    const published = fact('event.published', 'e', 4, { places: 1, fromPrice: null });
    assert.equal(replayEvent([created]).planId, undefined);
    assert.equal(replayEvent([created, published]).planId, 'first');
    assert.equal(replayEvent([created, moved, renamed, published]).planId, 'second');
    assert.deepEqual(replayEvent([]), { planId: undefined, bookings: [], blocked: new Set(), broken: [] });
  });

  test('gives every seat and area', () => {
    const replayed = replayEvent([
      held('h', [
        ['i1', 0, null, 100],
        ['i2', null, 0, 100],
      ]),
      held('c', [
        ['i3', 1, null, 100],
        ['i4', 2, null, 100],
        ['i5', null, 0, 100],
        ['i6', null, 1, 100],
      ]),
      fact('booking.paying', 'c', 2, { expiresAt: LATER, try: 1 }),
      fact('booking.confirmed', 'c', 3, {}),
      fact('booking.cancelling', 'c', 4, { items: ['i4'] }),
      held('r', [
        ['i7', 3, null, 100],
        ['i8', null, 1, 100],
      ]),
      fact('booking.released', 'r', 2, {}),
      fact('seats.blocked', 'e', 1, { seats: [4, 5] }),
      fact('seats.unblocked', 'e', 2, { seats: [5] }),
    ]);
    const { seats, areas } = inventoryOf(replayed, {
      seats: Array(6).fill({}),
      areas: [
        { name: 'A', capacity: 5 },
        { name: 'B', capacity: 5 },
        { name: 'C', capacity: 5 },
      ],
    });
    assert.deepEqual(seats, [
      { n: 0, state: 1, bookingId: 'h', holdUntil: new Date(DEADLINE) },
      { n: 1, state: 2, bookingId: 'c', holdUntil: null },
      { n: 2, state: 2, bookingId: 'c', holdUntil: null },
      { n: 3, state: 0, bookingId: null, holdUntil: null },
      { n: 4, state: 3, bookingId: null, holdUntil: null },
      { n: 5, state: 0, bookingId: null, holdUntil: null },
    ]);
    assert.deepEqual(areas, [
      { area: 0, held: 1, booked: 1 },
      { area: 1, held: 0, booked: 1 },
      { area: 2, held: 0, booked: 0 },
    ]);
  });
});
