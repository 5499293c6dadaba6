/**
 * Stripe counts in the smallest unit of a currency as we do, by ISO 4217, with three exceptions of its own
 * (https://docs.stripe.com/currencies#special-cases): two currencies without minor units are sent as if they had two
 * digits, one with minor units as if it had none, and of three digits the last one must be 0. Whole forints (HUF) and
 * dollars of Taiwan (TWD) are a rule for payouts only: charges have two digits.
 */
const HUNDREDFOLD = new Set(['ISK', 'UGX']);
const HUNDREDTH = new Set(['MGA']);
const TENS_ONLY = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);

/** Our minor units as Stripe wants them; undefined when Stripe cannot take exactly that amount. */
export function toStripeAmount(amount: number, currency: string): number | undefined {
  if (HUNDREDFOLD.has(currency)) return amount * 100;
  if (HUNDREDTH.has(currency)) return amount % 100 === 0 ? amount / 100 : undefined;
  if (TENS_ONLY.has(currency) && amount % 10 !== 0) return undefined;
  return amount;
}

/** Amount reported by Stripe, in Evently's minor units. */
export function fromStripeAmount(amount: number, currency: string): number {
  if (HUNDREDFOLD.has(currency)) return amount / 100;
  if (HUNDREDTH.has(currency)) return amount * 100;
  return amount;
}
