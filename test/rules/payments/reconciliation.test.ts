import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import type { PaymentRecord } from '../../../src/payments/payments/payments.service.js';
import type { BookedCharge } from '../../../src/payments/providers/payment-providers.service.js';
import { compare } from '../../../src/payments/reconciliation/reconciliation.rules.js';

const charge = (change: Partial<BookedCharge> = {}): BookedCharge => ({
  key: 'pay_1',
  ref: 'pi_1',
  state: 'captured',
  amount: 4000,
  currency: 'EUR',
  refunded: 0,
  disputed: false,
  createdAt: new Date(),
  ...change,
});
const ours = (status: PaymentRecord['status'], refunded = 0, refunding = 0) => ({
  payment: { status, amount: 4000, currency: 'EUR' } as PaymentRecord,
  refunded,
  refunding,
});
/** The action, or what is reported or repaired. */
const verdict = (...args: Parameters<typeof compare>) => {
  const found = compare(...args);
  return 'discrepancy' in found ? `${found.action} ${found.discrepancy.kind}` : found.action;
};

describe("a charge in the provider's books", () => {
  test('that is as we have it needs nothing', () => {
    assert.equal(verdict(charge(), ours('captured')), 'none');
    assert.equal(verdict(charge({ refunded: 1500 }), ours('captured', 1500)), 'none');
    for (const state of ['declined', 'voided'] as const)
      for (const status of ['declined', 'voided'] as const)
        assert.equal(verdict(charge({ state }), ours(status)), 'none');
    for (const state of ['requires_action', 'authorized'] as const)
      assert.equal(verdict(charge({ state }), ours(state)), 'none');
  });

  test('that is not ours is left alone', () => {
    assert.equal(verdict(charge({ key: null }), undefined), 'none');
    assert.equal(verdict(charge({ state: 'declined' }), undefined), 'none');
  });

  test('with news of a payment under way is told to those at work on it', () => {
    for (const status of ['created', 'unknown', 'requires_action', 'voiding'] as const)
      for (const state of ['authorized', 'captured', 'declined', 'voided'] as const)
        assert.equal(verdict(charge({ state }), ours(status)), 'tell', `${state} ${status}`);
    assert.equal(verdict(charge(), ours('authorized')), 'tell');
  });

  test('for which nothing was sold is given back', () => {
    for (const status of ['declined', 'voided'] as const) {
      assert.equal(verdict(charge({ state: 'authorized' }), ours(status)), 'void stray_voided');
      assert.equal(verdict(charge({ state: 'requires_action' }), ours(status)), 'void stray_voided');
      assert.equal(verdict(charge(), ours(status)), 'refund stray_refunded');
      assert.equal(verdict(charge({ refunded: 1000 }), ours(status)), 'refund stray_refunded');
      assert.equal(verdict(charge({ refunded: 4000 }), ours(status)), 'none');
    }
  });

  test('that differs in a way with more than one answer is reported', () => {
    const cases: [Partial<BookedCharge>, ReturnType<typeof ours> | undefined, string][] = [
      [{}, undefined, 'unknown_payment'],
      [{ state: 'authorized' }, undefined, 'unknown_payment'],
      [{ amount: 3999 }, ours('captured'), 'amount_differs'],
      [{ currency: 'USD' }, ours('captured'), 'amount_differs'],
      [{ amount: 1, state: 'authorized' }, ours('unknown'), 'amount_differs'],
      [{ state: 'voided' }, ours('captured'), 'not_captured'],
      [{ state: 'authorized' }, ours('captured'), 'not_captured'],
      [{ refunded: 1 }, ours('captured'), 'refunded_elsewhere'],
      [{ refunded: 2001 }, ours('captured', 1000, 1000), 'refunded_elsewhere'],
      [{ refunded: 999 }, ours('captured', 1000, 1000), 'refund_missing'],
      [{ disputed: true }, ours('captured'), 'disputed'],
    ];
    for (const [change, books, kind] of cases)
      assert.equal(verdict(charge(change), books), `report ${kind}`, JSON.stringify(change));
  });

  test('is shown to an operator beside what we expected', () => {
    const cases: [Parameters<typeof compare>, expected: object, found: object][] = [
      [[charge(), undefined], {}, { amount: 4000, currency: 'EUR' }],
      [
        [charge({ amount: 3999, currency: 'USD' }), ours('captured')],
        { amount: 4000, currency: 'EUR' },
        { amount: 3999, currency: 'USD' },
      ],
      [[charge({ state: 'voided' }), ours('captured')], { state: 'captured' }, { state: 'voided' }],
      [[charge({ disputed: true }), ours('captured')], { disputed: false }, { disputed: true }],
      [[charge({ refunded: 2001 }), ours('captured', 1000, 1000)], { refunded: 1000 }, { refunded: 2001 }],
      [[charge({ refunded: 999 }), ours('captured', 1000, 1000)], { refunded: 1000 }, { refunded: 999 }],
      [[charge({ state: 'authorized' }), ours('declined')], { state: 'declined' }, { state: 'authorized' }],
      [
        [charge({ refunded: 1000 }), ours('voided')],
        { state: 'voided' },
        { state: 'captured', amount: 4000, refunded: 1000 },
      ],
    ];
    for (const [given, expected, found] of cases) {
      const verdict = compare(...given);
      assert.ok('discrepancy' in verdict);
      const { discrepancy } = verdict;
      assert.deepEqual([discrepancy.expected, discrepancy.found], [expected, found], discrepancy.kind);
    }
  });

  test('with a refund under way may show it or not', () => {
    for (const refunded of [1000, 1500, 2000])
      assert.equal(verdict(charge({ refunded }), ours('captured', 1000, 1000)), 'none');
  });
});
