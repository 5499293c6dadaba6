import type { SagaPlan } from '../platform/saga/saga.js';

const plan = <const Step extends string>(kind: string, ...steps: Step[]): SagaPlan<Step> => ({ kind, steps });

// The sagas of orders by name, for who starts, wakes and runs them. SQL functions start them by the same names:
// test/rules/orders/saga-names.test.ts.

/** From a hold to tickets: reserve the seats, authorize the money, sell the seats, capture the money, make tickets. */
export const CHECKOUT = plan('checkout', 'reserve', 'authorize', 'confirm', 'capture', 'tickets');

/** Money back for items, or by goodwill for none; then the seats are free. */
export const CANCELLATION = plan('cancellation', 'refund', 'free');

/** An event that does not take place: ends its holds, then begins a `CANCELLATION` for every sold booking. */
export const EVENT_CANCELLATION = plan('event_cancellation', 'close', 'refund');
