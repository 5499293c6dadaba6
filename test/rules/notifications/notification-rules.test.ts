import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from '@jest/globals';
import { KIND_NAMES, type Kind } from '../../../src/notifications/notifications/notification.kinds.js';
import {
  CALENDARS,
  causeOf,
  isForVisit,
  isOver,
  isPurchase,
  isSamePlace,
  LINKS,
  placeAt,
  placeLine,
} from '../../../src/notifications/notifications/notification.rules.js';
import {
  DISABLED_AFTER_DAYS,
  formatSecret,
  isToldFact,
  pauseAfter,
  SECRET_BYTES,
  signedHeaders,
  TOLD_FAMILIES,
} from '../../../src/notifications/webhooks/webhook.rules.js';
import { isPublicAddress, urlProblem } from '../../../src/platform/common/address.rules.js';
import type { AnyFact } from '../../../src/platform/facts/fact-map.js';

const PURCHASES = ['booking.confirmed', 'booking.restored', 'booking.replaced'] as const;

describe('notifications', () => {
  const startsAt = new Date('2027-08-01T18:00:00Z');
  const now = new Date('2027-08-01T12:00:00Z');
  const event = { status: 'published', startsAt } as const;

  test('lead to a page that has more, and bring the calendar entries that changed', () => {
    const pages: Record<string, Kind[]> = {
      booking: [...PURCHASES, 'booking.cancelled', 'payment.returned', 'refund.delayed'],
      tickets: ['event.changed', 'event.reminder', 'ticket.transferred'],
      waitlist: ['waitlist.offered'],
      event: ['booking.expired', 'event.cancelled', 'waitlist.expired', 'waitlist.closed'],
    };
    for (const [page, kinds] of Object.entries(pages))
      for (const kind of kinds) assert.equal(LINKS[kind], page, kind);
    assert.equal(Object.values(pages).flat().length, KIND_NAMES.length);
    const calendars: Record<string, Kind[]> = {
      booking: [...PURCHASES, 'booking.cancelled'],
      event: ['event.changed', 'event.cancelled', 'ticket.transferred'],
    };
    for (const [which, kinds] of Object.entries(calendars))
      for (const kind of kinds) assert.equal(CALENDARS[kind], which, kind);
    assert.equal(Object.keys(CALENDARS).length, 7);
  });

  test('of a purchase are those that bring tickets', () => {
    assert.deepEqual(KIND_NAMES.filter(isPurchase), [...PURCHASES]);
  });

  test('say when doors open where people are about to go', () => {
    assert.deepEqual(KIND_NAMES.filter(isForVisit), [...PURCHASES, 'event.changed', 'event.reminder']);
  });

  test('are not sent when what they say has become untrue', () => {
    for (const kind of PURCHASES) {
      assert.equal(isOver(kind, event, 'confirmed', now), false);
      for (const booking of ['cancelling', 'cancelled', undefined] as const)
        assert.equal(isOver(kind, event, booking, now), true);
    }
    assert.equal(isOver('waitlist.offered', event, 'held', now), false);
    assert.equal(isOver('waitlist.offered', event, 'expired', now), true);
    assert.equal(isOver('event.changed', event, undefined, now), false);
    assert.equal(isOver('event.changed', { ...event, status: 'cancelled' }, undefined, now), true);
    assert.equal(isOver('event.reminder', event, undefined, now), false);
    assert.equal(isOver('event.reminder', event, undefined, startsAt), true);
    assert.equal(isOver('event.reminder', { ...event, status: 'cancelled' }, undefined, now), true);
    assert.equal(isOver('booking.cancelled', event, 'cancelled', startsAt), false);
    assert.equal(isOver('event.cancelled', { ...event, status: 'cancelled' }, 'cancelled', startsAt), false);
  });

  test('have a cause that no other fact has', () => {
    const fact = { stream: 'booking', streamId: 'b', version: 3 } as AnyFact;
    assert.equal(causeOf(fact), 'booking:b:3');
  });
});

describe('the place of an event', () => {
  const hall = { name: 'Hall', address: 'Main Street 1', city: 'Erfurt' };
  const history = [
    { version: 1, data: hall },
    { version: 2, data: { name: 'Arena' } },
    { version: 3, data: { city: 'Jena' } },
  ] as unknown as AnyFact[];

  test('is what its facts had made of it then', () => {
    assert.deepEqual(placeAt(history, 1), hall);
    assert.deepEqual(placeAt(history, 2), { ...hall, name: 'Arena' });
    assert.deepEqual(placeAt(history, 9), { ...hall, name: 'Arena', city: 'Jena' });
    assert.equal(placeLine(hall), 'Hall, Main Street 1, Erfurt');
  });

  test('is the same in another spelling', () => {
    for (const other of [
      { ...hall, name: ' HALL ' },
      { ...hall, address: 'Main   Street,  1.' },
      { ...hall, city: 'Ｅｒｆｕｒｔ' },
      { ...hall, name: '"Hall"' },
    ])
      assert.equal(isSamePlace(hall, other), true, JSON.stringify(other));
    for (const other of [
      { ...hall, address: 'Main Street 11' },
      { ...hall, name: 'Ha ll' },
    ])
      assert.equal(isSamePlace(hall, other), false, JSON.stringify(other));
  });
});

describe('webhooks', () => {
  test('are told of known families and their kinds, not of holds', () => {
    for (const family of ['booking', 'event', 'payment', 'refund', 'seats', 'ticket', 'waitlist']) {
      assert.equal(isToldFact(`${family}.*`), true, family);
      assert.equal(isToldFact(`${family}.x_${'y'.repeat(38)}`), true, family);
    }
    assert.equal(TOLD_FAMILIES.length, 7);
    assert.equal(isToldFact('booking.confirmed'), true);
    for (const none of [
      'booking.held',
      'booking.extended',
      'booking.released',
      'booking.expired',
      'booking.accepted',
      'webhook.created',
      'user.*',
      '*',
      '',
      'booking',
      'booking.',
      'booking.*.*',
      'booking.confirmed.x',
      'booking.Confirmed',
      'booking.confirmed ',
      'booking. confirmed',
      `booking.${'x'.repeat(41)}`,
    ])
      assert.equal(isToldFact(none), false, none);
  });

  test('are signed after Standard Webhooks, with every secret that is valid', () => {
    const secrets = [Buffer.alloc(SECRET_BYTES, 1), Buffer.alloc(SECRET_BYTES, 2)];
    assert.equal(SECRET_BYTES, 32);
    assert.equal(formatSecret(Buffer.from([1, 2, 3])), 'whsec_AQID');
    const [first, second] = secrets.map((secret) =>
      createHmac('sha256', secret).update('msg_1.1800000000.{"a":1}').digest('base64'),
    );
    assert.deepEqual(signedHeaders('msg_1', 1_800_000_000, '{"a":1}', secrets), {
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1800000000',
      'webhook-signature': `v1,${first} v1,${second}`,
    });
  });

  test('wait longer after each failure, 32 hours in all', () => {
    const pauses = Array.from({ length: 10 }, (_, i) => pauseAfter(i + 1)!);
    assert.deepEqual(pauses, [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800, 57_600]);
    assert.equal(Math.round(pauses.reduce((a, b) => a + b) / 3_600), 32);
    assert.equal(pauseAfter(11), undefined);
    assert.equal(DISABLED_AFTER_DAYS, 3);
  });

  test('go to public addresses by HTTPS', () => {
    assert.equal(urlProblem('https://example.org/hook', false), undefined);
    assert.equal(urlProblem('https://93.184.216.34/', false), undefined);
    assert.equal(urlProblem('https://[2606:2800:220:1:248:1893:25c8:1946]/', false), undefined);
    const problems: Record<string, string[]> = {
      'must be a URL': ['nonsense', '', '//x'],
      'must start with https://': ['http://example.org', 'ftp://example.org/'],
      'must not contain a user name or password': ['https://me@example.org/', 'https://:pw@example.org/'],
      'must not have a fragment': ['https://example.org/#x'],
      'must not point to a private address': ['https://localhost/', 'https://127.0.0.1/', 'https://[::1]/'],
    };
    for (const [problem, urls] of Object.entries(problems))
      for (const url of urls) assert.equal(urlProblem(url, false), problem, url);
  });

  test('go anywhere by HTTP too, where that was set', () => {
    for (const url of ['http://localhost/', 'https://127.0.0.1/', 'http://[::1]/', 'https://example.org'])
      assert.equal(urlProblem(url, true), undefined, url);
    assert.equal(urlProblem('ftp://example.org/', true), 'must start with https://');
    assert.equal(urlProblem('http://me@example.org/', true), 'must not contain a user name or password');
  });

  test('know the public internet', () => {
    for (const address of ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946', '::ffff:93.184.216.34'])
      assert.equal(isPublicAddress(address), true, address);
    for (const address of ['127.0.0.1', '10.1.2.3', '::ffff:127.0.0.1', 'fe80::1', '224.0.0.1', 'x', ''])
      assert.equal(isPublicAddress(address), false, address);
  });
});
