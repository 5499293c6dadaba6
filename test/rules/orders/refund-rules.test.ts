import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import { FULL_UNTIL_START, type RefundPolicy } from '../../../src/events/refund-policy.schemas.js';
import { refundFor, refundForAll, refundHoldsUntil } from '../../../src/orders/cancellation/refund.rules.js';

const START = new Date('2027-09-04T17:00:00Z');
const MINUTE = 60_000;
const hoursBefore = (hours: number, minutes = 0, ms = 0) =>
  new Date(START.getTime() - (hours * 60 + minutes) * MINUTE - ms);

const STAGED: RefundPolicy = {
  fullUntilHours: 168,
  partialUntilHours: 24,
  partialPercent: 50,
  feePerTicket: 150,
  refundFees: false,
};
const policy = (changes: Partial<RefundPolicy>): RefundPolicy => ({ ...STAGED, ...changes });
const rules = (...policies: RefundPolicy[]) => ({ startsAt: START, policies });

describe('refund rules', () => {
  const table: [string, RefundPolicy, number, Date, number][] = [
    ['everything until the start', FULL_UNTIL_START, 2400, hoursBefore(0), 2400],
    ['nothing after it', FULL_UNTIL_START, 2400, hoursBefore(0, -1), 0],
    ['in time to the minute', STAGED, 2400, hoursBefore(168), 2250],
    ['a moment too late for all', STAGED, 2400, hoursBefore(168, 0, -1), 1125],
    ['a minute too late for all', STAGED, 2400, hoursBefore(167, 59), 1125],
    ['a minute to go', STAGED, 2400, hoursBefore(168, 1), 2250],
    ['a part, to the minute', STAGED, 2400, hoursBefore(24), 1125],
    ['a minute too late for a part', STAGED, 2400, hoursBefore(23, 59), 0],
    ['fees paid back', policy({ refundFees: true }), 2400, hoursBefore(168), 2400],
    ['a part of price and fees', policy({ refundFees: true }), 2400, hoursBefore(48), 1200],
    ['rounded down', policy({ partialPercent: 33, refundFees: true }), 1001, hoursBefore(48), 330],
    ['no part of a price below the fee', STAGED, 100, hoursBefore(200), 0],
    ['never in full', policy({ fullUntilHours: null }), 2400, hoursBefore(5000), 1125],
    ['never', policy({ fullUntilHours: null, partialUntilHours: null }), 2400, hoursBefore(5000), 0],
    ['a free ticket', STAGED, 0, hoursBefore(200), 0],
    ['0 %', policy({ partialPercent: 0 }), 2400, hoursBefore(48), 0],
    ['100 %', policy({ partialPercent: 100 }), 2400, hoursBefore(48), 2250],
    ['the largest price', policy({ partialPercent: 99, refundFees: true }), 1e12, hoursBefore(48), 99e10],
  ];
  for (const [name, given, price, at, amount] of table)
    test(name, () => assert.equal(refundFor(price, rules(given), at), amount));

  test('gives a buyer the better of two policies, ticket by ticket', () => {
    const dear = policy({ feePerTicket: 1000, partialPercent: 100 });
    const both = rules(STAGED, dear);
    assert.equal(refundFor(1200, both, hoursBefore(48)), 525);
    assert.equal(refundFor(4000, both, hoursBefore(48)), 3000);
  });

  test('adds up however tickets are returned, and never to more than they cost', () => {
    const prices = [1, 2, 3, 99, 100, 101, 333, 1999];
    for (let percent = 0; percent <= 100; percent++) {
      const given = rules(policy({ partialPercent: percent, refundFees: true }));
      const one = prices.map((price) => refundFor(price, given, hoursBefore(48)));
      assert.equal(
        refundForAll(prices, given, hoursBefore(48)),
        one.reduce((a, b) => a + b),
      );
      one.forEach((amount, i) => assert.ok(amount >= 0 && amount <= prices[i]!));
    }
  });

  test('tells until when the amount holds', () => {
    const until = (given: ReturnType<typeof rules>, at: Date) => refundHoldsUntil([2400], given, at);
    assert.deepEqual(until(rules(STAGED), hoursBefore(500)), hoursBefore(168));
    assert.deepEqual(until(rules(STAGED), hoursBefore(168)), hoursBefore(168));
    assert.deepEqual(until(rules(STAGED), hoursBefore(100)), hoursBefore(24));
    assert.deepEqual(until(rules(STAGED), hoursBefore(3)), START);
    assert.deepEqual(until(rules(FULL_UNTIL_START), hoursBefore(3)), START);
    assert.deepEqual(
      until(rules(STAGED, FULL_UNTIL_START), hoursBefore(500)),
      START,
      'the better one holds longer',
    );
  });
});
