import type { PaymentRecord } from '../payments/payments.service.js';
import type { BookedCharge } from '../providers/payment-providers.service.js';

/** A payment as our books have it. Amounts in minor units. */
export interface BookedPayment {
  readonly payment: PaymentRecord;
  /** Amount refunded, and the amount of refunds under way. */
  readonly refunded: number;
  readonly refunding: number;
}

export const DISCREPANCIES = [
  'unknown_payment',
  'amount_differs',
  'not_captured',
  'refunded_elsewhere',
  'refund_missing',
  'disputed',
  'missing_at_provider',
  'stray_voided',
  'stray_refunded',
] as const;
export type DiscrepancyKind = (typeof DISCREPANCIES)[number];

/** The entry of the books about a charge. */
export type BookEntry = Readonly<Record<string, string | number | boolean | null>>;

export interface Discrepancy {
  readonly kind: DiscrepancyKind;
  readonly expected: BookEntry;
  readonly found: BookEntry;
}

/**
 * Verdict about a charge: do nothing; wake the saga that works on its payment; refund money that pays for nothing; or
 * leave it to an operator, because more than one answer may be right.
 */
export type Verdict =
  | { readonly action: 'none' }
  | { readonly action: 'tell' }
  | { readonly action: 'void' | 'refund' | 'report'; readonly discrepancy: Discrepancy };

const NONE: Verdict = { action: 'none' };
const HAS_MONEY = new Set<BookedCharge['state']>(['authorized', 'captured']);
const UNFINISHED = new Set<PaymentRecord['status']>([
  'created',
  'unknown',
  'requires_action',
  'authorized',
  'voiding',
]);

/** Compares one charge with the payment under its key, of which there may be none. */
export function compare(charge: BookedCharge, ours: BookedPayment | undefined): Verdict {
  // Others may use the same account: what carries no key of ours is theirs.
  if (charge.key === null) return NONE;
  if (!ours) return HAS_MONEY.has(charge.state) ? report('unknown_payment', {}, money(charge)) : NONE;
  const { payment } = ours;
  if (HAS_MONEY.has(charge.state) && !sameMoney(charge, payment))
    return report('amount_differs', money(payment), money(charge));
  if (UNFINISHED.has(payment.status)) return { action: payment.status === charge.state ? 'none' : 'tell' };
  return payment.status === 'captured' ? compareSale(charge, ours) : compareFailed(charge, payment);
}

/** Sold and paid for here, so the money must be there, less what was given back. */
function compareSale(charge: BookedCharge, { refunded, refunding }: BookedPayment): Verdict {
  if (charge.state !== 'captured')
    return report('not_captured', { state: 'captured' }, { state: charge.state });
  if (charge.disputed) return report('disputed', { disputed: false }, { disputed: true });
  if (charge.refunded > refunded + refunding)
    return report('refunded_elsewhere', { refunded }, { refunded: charge.refunded });
  if (charge.refunded < refunded)
    return report('refund_missing', { refunded }, { refunded: charge.refunded });
  return NONE;
}

/** Compares a payment for which nothing was sold: any money at the provider belongs to the buyer. */
function compareFailed(charge: BookedCharge, { status }: PaymentRecord): Verdict {
  if (charge.state === 'authorized' || charge.state === 'requires_action')
    return {
      action: 'void',
      discrepancy: { kind: 'stray_voided', expected: { state: status }, found: { state: charge.state } },
    };
  if (charge.state !== 'captured' || charge.refunded >= charge.amount) return NONE;
  const found = { state: charge.state, amount: charge.amount, refunded: charge.refunded };
  return { action: 'refund', discrepancy: { kind: 'stray_refunded', expected: { state: status }, found } };
}

const report = (
  kind: DiscrepancyKind,
  expected: Discrepancy['expected'],
  found: Discrepancy['found'],
): Verdict => ({ action: 'report', discrepancy: { kind, expected, found } });

const money = ({ amount, currency }: { amount: number; currency: string }) => ({ amount, currency });

const sameMoney = (charge: BookedCharge, payment: PaymentRecord): boolean =>
  charge.amount === payment.amount && charge.currency === payment.currency;
