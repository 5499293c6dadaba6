import assert from 'node:assert/strict';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import type { Held } from '../../../src/inventory/holds/holds.repository.js';
import type { NewHold } from '../../../src/inventory/holds/holds.schemas.js';
import { HoldsService } from '../../../src/inventory/holds/holds.service.js';
import { DomainError } from '../../../src/platform/common/domain-error.js';
import { newId } from '../../../src/platform/common/ids.js';
import { startApp, type TestApp } from '../../support/app.js';
import { assertAuditClean } from '../../support/audit.js';
import { openSale, plainHall, realHall } from '../../support/halls.js';

describe('holds by the service', () => {
  let app: TestApp;
  const hold = (
    eventId: string,
    wanted: NewHold,
    userId = newId(),
    idempotencyKey?: string,
  ): Promise<Held | string> =>
    app.nest
      .get(HoldsService)
      .hold(eventId, wanted, { userId, idempotencyKey })
      .catch((error) => {
        if (error instanceof DomainError) return error.code;
        throw error;
      });
  const seatsOf = (held: Held | string): (string | number | null)[] =>
    typeof held === 'string' ? [held] : held.items.map(({ n }) => n);

  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(async () => {
    await assertAuditClean(app);
    await app.close();
  });

  test('holds seats, places and picks of the real hall together, at their prices', async () => {
    const { eventId } = await openSale(app, realHall());
    const held = await hold(eventId, {
      seats: [3, 1],
      areas: [{ area: 'Stehplatz', quantity: 2 }],
      best: { quantity: 3, together: true },
    });
    assert.ok(typeof held !== 'string', String(held));
    assert.equal(held.items.length, 7);
    assert.equal(held.total, 5 * 2000 + 2 * 1000);
    const picked = held.items.slice(4).map(({ n }) => n!);
    assert.deepEqual(picked, [picked[0]!, picked[0]! + 1, picked[0]! + 2]);
    assert.equal(await hold(eventId, { seats: [1] }), 'seats_taken');
    assert.equal(await hold(eventId, { seats: [5000] }), 'unknown_seats');
    assert.equal(await hold(eventId, { areas: [{ area: 'Loge', quantity: 1 }] }), 'unknown_area');
    assert.equal(await hold(eventId, { best: { quantity: 11 } }), 'too_many_seats');
    assert.equal(await hold(eventId, { best: { quantity: 2, categories: ['Nowhere'] } }), 'unknown_category');
    assert.equal(await hold(newId(), { seats: [1] }), 'event_not_on_sale');
  });

  test('answers a repeated idempotency key with the first hold, and another body with 422', async () => {
    const { eventId } = await openSale(app, plainHall(2, 10));
    const buyer = newId();
    const [first, ...again] = await Promise.all(
      Array.from({ length: 20 }, () => hold(eventId, { seats: [7] }, buyer, 'key-1')),
    );
    assert.ok(first && typeof first !== 'string', String(first));
    for (const held of again) assert.deepEqual({ ...(held as Held), replayed: false }, first);
    assert.equal(again.filter((held) => (held as Held).replayed).length, 19);
    assert.equal(await hold(eventId, { seats: [8] }, buyer, 'key-1'), 'idempotency_key_reused');
    assert.equal(await hold(eventId, { seats: [7] }, newId(), 'key-1'), 'seats_taken');
  });

  test('gives best seats to 160 groups on 8,000 seats without refusing one while seats remain', async () => {
    const { eventId } = await openSale(app, plainHall(100, 80));
    const groups = await Promise.all(
      Array.from({ length: 160 }, (_, i) => hold(eventId, { best: { quantity: 1 + (i % 8) } })),
    );
    assert.deepEqual(
      groups.filter((held) => typeof held === 'string'),
      [],
    );
    const all = groups.flatMap(seatsOf);
    assert.equal(new Set(all).size, all.length);
  });

  test('sells the last seats by best available and refuses only what is really gone', async () => {
    const { eventId } = await openSale(app, plainHall(2, 10), { maxSeatsPerBooking: 20 });
    assert.equal(await hold(eventId, { best: { quantity: 11, together: true } }), 'no_adjacent_seats');
    const [a, b] = await Promise.all([
      hold(eventId, { best: { quantity: 9, together: true } }),
      hold(eventId, { best: { quantity: 9, together: true } }),
    ]);
    assert.ok(typeof a !== 'string' && typeof b !== 'string');
    assert.equal(await hold(eventId, { best: { quantity: 2, together: true } }), 'no_adjacent_seats');
    assert.deepEqual(seatsOf(await hold(eventId, { best: { quantity: 2 } })), [9, 19]);
    assert.equal(await hold(eventId, { best: { quantity: 1 } }), 'sold_out');
  });
});
