import type { RefundPolicy } from '../../events/events.service.js';

/** Rules of a refund: the policy that is better for the buyer decides. */
export interface RefundRules {
  readonly startsAt: Date;
  readonly policies: readonly RefundPolicy[];
}

const HOUR = 3_600_000;

/** Minor units that go back for a ticket of this price, given back at this time: never more than the price. */
export const refundFor = (price: number, { startsAt, policies }: RefundRules, at: Date): number =>
  Math.max(0, ...policies.map((policy) => underPolicy(price, policy, startsAt.getTime() - at.getTime())));

/** Refund for all of them; each is rounded by itself, so that the sum is the same however they are returned. */
export const refundForAll = (prices: readonly number[], rules: RefundRules, at: Date): number =>
  prices.reduce((sum, price) => sum + refundFor(price, rules, at), 0);

/** The last moment at which as much goes back for these tickets as does at `at`. */
export function refundHoldsUntil(prices: readonly number[], rules: RefundRules, at: Date): Date {
  const now = refundForAll(prices, rules, at);
  const deadlines = rules.policies
    .flatMap(({ fullUntilHours, partialUntilHours }) => [fullUntilHours, partialUntilHours])
    .filter((hours) => hours !== null)
    .map((hours) => rules.startsAt.getTime() - hours * HOUR)
    .filter((deadline) => deadline >= at.getTime())
    .sort((a, b) => a - b);
  const falls = deadlines.find((deadline) => refundForAll(prices, rules, new Date(deadline + 1)) < now);
  return falls === undefined ? rules.startsAt : new Date(falls);
}

/** @param left ms until the start of the event */
function underPolicy(price: number, policy: RefundPolicy, left: number): number {
  const { fullUntilHours, partialUntilHours, partialPercent, feePerTicket, refundFees } = policy;
  const refundable = refundFees ? price : Math.max(0, price - feePerTicket);
  const reaches = (hours: number | null) => hours !== null && left >= hours * HOUR;
  if (reaches(fullUntilHours)) return refundable;
  // 10^12 minor units × 100 stay far below 2^53.
  return reaches(partialUntilHours) ? Math.floor((refundable * partialPercent) / 100) : 0;
}
