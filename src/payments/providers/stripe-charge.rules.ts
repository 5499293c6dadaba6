import type { Stripe } from 'stripe';
import {
  type BookedCharge,
  type Charge,
  type NextAction,
  UNKNOWN,
  type Unknown,
} from './payment-provider.js';
import { fromStripeAmount } from './stripe-money.rules.js';

/** Names our charge in the metadata of payment intents and refunds. */
export const KEY = 'evently_key';

const STATES: Record<string, BookedCharge['state']> = {
  requires_action: 'requires_action',
  requires_capture: 'authorized',
  succeeded: 'captured',
  canceled: 'voided',
  // Where an intent goes whose card was declined: it waits for another card, which we never send.
  requires_payment_method: 'declined',
};

/** A payment intent as a charge; unknown while Stripe itself does not know yet (`processing`). */
export function toCharge(intent: Stripe.PaymentIntent): Charge | Unknown {
  const state = STATES[intent.status];
  const ref = intent.id;
  if (!state) return UNKNOWN;
  if (state === 'declined') return { state, ref, reason: declineReason(intent.last_payment_error ?? {}) };
  if (state === 'requires_action') return { state, ref, nextAction: nextActionOf(intent) };
  return { state, ref };
}

/** A payment intent whose `latest_charge` was expanded, as an entry of Stripe's books; none while its state is open. */
export function toBookedCharge(intent: Stripe.PaymentIntent): BookedCharge | undefined {
  const state = STATES[intent.status];
  if (!state) return undefined;
  const currency = intent.currency.toUpperCase();
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  return {
    key: intent.metadata[KEY] ?? null,
    ref: intent.id,
    state,
    amount: fromStripeAmount(intent.amount, currency),
    currency,
    refunded: intent.status === 'succeeded' ? fromStripeAmount(charge?.amount_refunded ?? 0, currency) : 0,
    disputed: charge?.disputed ?? false,
    createdAt: new Date(intent.created * 1000),
  };
}

/** The bank's word where there is one, else Stripe's: `insufficient_funds`, `expired_card`, … */
export const declineReason = ({ decline_code, code }: { decline_code?: string; code?: string }): string =>
  decline_code ?? code ?? 'declined';

function nextActionOf({ next_action, client_secret }: Stripe.PaymentIntent): NextAction {
  const url = next_action?.redirect_to_url?.url;
  return url ? { type: 'redirect', url } : { type: 'stripe', clientSecret: client_secret! };
}
