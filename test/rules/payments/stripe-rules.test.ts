import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import type { Stripe } from 'stripe';
import {
  declineReason,
  KEY,
  toBookedCharge,
  toCharge,
} from '../../../src/payments/providers/stripe-charge.rules.js';
import { fromStripeAmount, toStripeAmount } from '../../../src/payments/providers/stripe-money.rules.js';

describe('amounts for Stripe', () => {
  test('follow the exceptions that Stripe makes', () => {
    const cases: [number, string, number | undefined][] = [
      [1999, 'EUR', 1999],
      [500, 'JPY', 500],
      [500, 'ISK', 50_000],
      [500, 'UGX', 50_000],
      [500, 'MGA', 5],
      [550, 'MGA', undefined],
      ...['BHD', 'JOD', 'KWD', 'OMR', 'TND'].flatMap((code): typeof cases => [
        [5120, code, 5120],
        [5124, code, undefined],
      ]),
    ];
    for (const [ours, currency, theirs] of cases) {
      assert.equal(toStripeAmount(ours, currency), theirs, `${ours} ${currency}`);
      if (theirs !== undefined)
        assert.equal(fromStripeAmount(theirs, currency), ours, `${theirs} ${currency}`);
    }
  });
});

const intent = (change: object = {}) =>
  ({
    id: 'pi_1',
    status: 'succeeded',
    amount: 50_000,
    currency: 'isk',
    created: 1_800_000_000,
    metadata: { [KEY]: 'pay_1' },
    latest_charge: { amount_refunded: 20_000, disputed: true },
    last_payment_error: null,
    next_action: null,
    client_secret: 'secret',
    ...change,
  }) as unknown as Stripe.PaymentIntent;

describe('a payment intent', () => {
  test('is a charge in a state of ours', () => {
    const states = {
      requires_capture: 'authorized',
      succeeded: 'captured',
      canceled: 'voided',
    };
    for (const [status, state] of Object.entries(states))
      assert.deepEqual(toCharge(intent({ status })), { state, ref: 'pi_1' });
    for (const status of ['processing', 'requires_confirmation'])
      assert.deepEqual(toCharge(intent({ status })), { outcome: 'unknown' });
  });

  test('that waits for another card was declined, for the reason that is nearest to the bank', () => {
    const declined = (error: object | null) =>
      toCharge(intent({ status: 'requires_payment_method', last_payment_error: error }));
    const charge = { state: 'declined', ref: 'pi_1' };
    assert.deepEqual(declined({ decline_code: 'insufficient_funds', code: 'card_declined' }), {
      ...charge,
      reason: 'insufficient_funds',
    });
    assert.deepEqual(declined({ code: 'expired_card' }), { ...charge, reason: 'expired_card' });
    assert.deepEqual(declined(null), { ...charge, reason: 'declined' });
    assert.equal(declineReason({}), 'declined');
  });

  test('that waits for the buyer says where to go', () => {
    const waiting = { status: 'requires_action' };
    const charge = { state: 'requires_action', ref: 'pi_1' };
    assert.deepEqual(
      toCharge(intent({ ...waiting, next_action: { redirect_to_url: { url: 'https://bank' } } })),
      {
        ...charge,
        nextAction: { type: 'redirect', url: 'https://bank' },
      },
    );
    for (const next_action of [null, {}, { redirect_to_url: null }, { redirect_to_url: { url: null } }])
      assert.deepEqual(toCharge(intent({ ...waiting, next_action })), {
        ...charge,
        nextAction: { type: 'stripe', clientSecret: 'secret' },
      });
  });

  test('is an entry of the books, in our minor units', () => {
    const entry = {
      key: 'pay_1',
      ref: 'pi_1',
      state: 'captured',
      amount: 500,
      currency: 'ISK',
      refunded: 200,
      disputed: true,
      createdAt: new Date(1_800_000_000_000),
    };
    assert.deepEqual(toBookedCharge(intent()), entry);
    assert.equal(toBookedCharge(intent({ metadata: {} }))?.key, null);
    for (const latest_charge of [null, 'ch_1'])
      assert.deepEqual(toBookedCharge(intent({ latest_charge })), { ...entry, refunded: 0, disputed: false });
    const open = toBookedCharge(intent({ status: 'requires_capture' }));
    assert.deepEqual([open?.state, open?.refunded], ['authorized', 0]);
    assert.equal(toBookedCharge(intent({ status: 'processing' })), undefined);
  });
});
