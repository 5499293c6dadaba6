import { Stripe } from 'stripe';
import type { ProviderMessage } from './payment-provider.js';

/** Older messages are not believed, so that one that was overheard cannot be sent again later. */
const TOLERANCE_SECONDS = 300;

/**
 * Reads from a signed Stripe event which payment intent to look at. The state that the event reports is not used, since
 * events come late, twice and in any order.
 * @returns undefined when the signature is absent, wrong or too old
 */
export function readStripeMessage(
  stripe: Stripe,
  body: Buffer,
  signature: string | undefined,
  secret: string,
): ProviderMessage | undefined {
  if (signature === undefined) return undefined;
  try {
    const { id, type, data } = stripe.webhooks.constructEvent(body, signature, secret, TOLERANCE_SECONDS);
    return { id, type, ref: intentOf(data.object) };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return undefined;
    throw error;
  }
}

/** Charges, refunds and disputes name their payment intent. */
function intentOf(object: object): string | null {
  const { object: kind, id, payment_intent } = object as Record<string, unknown>;
  const ref = kind === 'payment_intent' ? id : payment_intent;
  return typeof ref === 'string' ? ref : null;
}
