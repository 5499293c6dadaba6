import type { SagaRun } from '../../platform/saga/saga.js';

/**
 * Data that a checkout begins with, and results of its steps. Its payment, if it needs one, has the id of the checkout.
 */
export interface CheckoutData {
  /** True when the booking costs nothing, so that no payment is made. */
  readonly free: boolean;
  /** True when the buyer accepts equal seats if the held ones are lost before the money comes. */
  readonly substitutes: boolean;
  /** The provider's name of the charge. */
  readonly ref?: string | null;
  /** The buyer began anew instead of finishing the second step. */
  readonly givenUp?: boolean;
}

export type CheckoutRun = SagaRun<CheckoutData>;
