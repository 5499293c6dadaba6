import type { SagaRun } from '../saga/saga.js';

/** What a checkout begins with, and what its steps find out. Its payment, if it needs one, has its id. */
export interface CheckoutData {
  /** It costs nothing, so nobody is asked for money. */
  readonly free: boolean;
  /** If the seats are lost before the money comes, the buyer takes others like them. */
  readonly substitutes: boolean;
  /** The provider's name of the charge. */
  readonly ref?: string | null;
  /** The buyer began anew instead of finishing the second step. */
  readonly givenUp?: boolean;
}

export type CheckoutRun = SagaRun<CheckoutData>;
