/** What a card payment needs; kept nowhere but with the provider. */
export interface Card {
  readonly number: string;
  /** `MM/YY`. */
  readonly expiry?: string;
  readonly cvc?: string;
}

export interface Authorization {
  /** The same key never makes a second charge, however often it is sent. */
  readonly key: string;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly card: Card;
}

/** What the buyer has to do before the charge goes on: send a POST there. */
export interface NextAction {
  readonly type: 'confirm';
  readonly url: string;
}

/** State of a charge as the provider tells it. */
export type Charge =
  | { readonly state: 'authorized' | 'captured' | 'voided'; readonly ref: string }
  | { readonly state: 'declined'; readonly ref: string; readonly reason: string }
  | { readonly state: 'requires_action'; readonly ref: string; readonly nextAction: NextAction };

export type Settlement =
  | { readonly outcome: 'done'; readonly ref: string }
  | { readonly outcome: 'refused'; readonly reason: string };

/** No answer in time, or one that says nothing: it may or may not have happened. */
export type Unknown = { readonly outcome: 'unknown' };
export const UNKNOWN: Unknown = { outcome: 'unknown' };

/**
 * Whoever takes the money. Every call may be repeated with the same key without a second effect, may throw, and may
 * never answer: the signal ends the wait. Nothing here takes part in our transactions.
 */
export interface PaymentProvider {
  readonly name: string;
  /** Sets the money aside; it moves with `capture` only. */
  authorize(authorization: Authorization, signal: AbortSignal): Promise<Charge>;
  capture(key: string, signal: AbortSignal): Promise<Settlement>;
  /** Gives back what was set aside, or ends a charge that waits for the buyer. */
  void(key: string, signal: AbortSignal): Promise<Settlement>;
  /** Gives back what was captured, or a part of it. `key` names the refund, `chargeKey` the charge. */
  refund(
    refund: { key: string; chargeKey: string; amount: number },
    signal: AbortSignal,
  ): Promise<Settlement>;
  /** The charge made under a key; undefined when there is none. */
  find(key: string, signal: AbortSignal): Promise<Charge | undefined>;
  /** Charges made since, oldest first: to find those that nobody here knows of. */
  list(since: Date, signal: AbortSignal): Promise<{ key: string; state: Charge['state']; createdAt: Date }[]>;
  /** Key of the charge that a message of the provider is about; undefined when it was not signed by it. */
  verifyWebhook(body: Buffer, headers: Readonly<Record<string, string | undefined>>): string | undefined;
}

export const PAYMENT_PROVIDER = Symbol('payment provider');
