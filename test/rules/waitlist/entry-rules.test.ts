import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import { ENTRY_STATES, type Wish, wantsPlace, wantsSeat } from '../../../src/waitlist/entry.rules.js';

const wish = (change: Partial<Wish> = {}): Wish => ({
  quantity: 1,
  minQuantity: 1,
  together: false,
  accessible: false,
  categories: null,
  areas: null,
  maxPrice: null,
  ...change,
});

describe('the wish of somebody who waits', () => {
  test('is for seats of any category or some, at a price they pay', () => {
    assert.equal(wantsSeat(wish(), 3, 2000, false), true);
    assert.equal(wantsSeat(wish(), 3, 0, true), true);
    assert.equal(wantsSeat(wish({ categories: [1, 3] }), 3, 2000, false), true);
    assert.equal(wantsSeat(wish({ categories: [1] }), 3, 2000, false), false);
    assert.equal(wantsSeat(wish({ categories: [] }), 3, 2000, false), false);
    assert.equal(wantsSeat(wish({ maxPrice: 2000 }), 3, 2000, false), true);
    assert.equal(wantsSeat(wish({ maxPrice: 1999 }), 3, 2000, false), false);
    for (const price of [null, undefined])
      assert.equal(wantsSeat(wish(), 3, price, false), false, 'not for sale');
  });

  test('is for accessible seats only, where it says so', () => {
    assert.equal(wantsSeat(wish({ accessible: true }), 0, 1, true), true);
    assert.equal(wantsSeat(wish({ accessible: true }), 0, 1, false), false);
    assert.equal(wantsPlace(wish({ accessible: true }), 0, 1), false);
  });

  test('is for places of any area or some', () => {
    assert.equal(wantsPlace(wish(), 2, 500), true);
    assert.equal(wantsPlace(wish({ areas: [2] }), 2, 500), true);
    assert.equal(wantsPlace(wish({ areas: [1] }), 2, 500), false);
    assert.equal(wantsPlace(wish({ areas: [] }), 2, 500), false);
    assert.equal(wantsPlace(wish({ maxPrice: 499 }), 2, 500), false);
    assert.equal(wantsPlace(wish(), 2, null), false);
  });

  test('ends in one of five ways', () => {
    assert.deepEqual(ENTRY_STATES, [
      'waiting',
      'offered',
      'accepted',
      'declined',
      'expired',
      'left',
      'closed',
    ]);
  });
});
