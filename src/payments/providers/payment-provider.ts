/** Card data of a payment; only the provider keeps it. */
export interface Card {
  readonly number: string;
  /** `MM/YY`. */
  readonly expiry?: string;
  readonly cvc?: string;
}

/** How the buyer pays: a test card of the sandbox, or a payment method that the provider's own page has made. */
export type ChosenPaymentMethod =
  | { readonly method: 'card'; readonly card: Card }
  | { readonly method: 'token'; readonly token: string };

/** Handle by which a charge is found again: the provider's reference where it is known, else the key. */
export interface ChargeHandle {
  /** The same key never makes a second charge, however often it is sent. */
  readonly key: string;
  readonly ref: string | null;
  /** When we began it; the provider has not heard of it before. */
  readonly createdAt: Date;
}

export interface PaymentAuthorization extends ChargeHandle {
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly bookingId: string;
  readonly paymentMethod: ChosenPaymentMethod;
}

/**
 * Action the buyer has to take before the charge goes on: send a POST to the URL, open the page, or let the provider's
 * library in the browser do it.
 */
export type NextAction =
  | { readonly type: 'confirm' | 'redirect'; readonly url: string }
  | { readonly type: 'stripe'; readonly clientSecret: string };

/** State of a charge as the provider tells it. `ref`: its name there, null when it refused before there was one. */
export type Charge =
  | { readonly state: 'authorized' | 'captured' | 'voided'; readonly ref: string }
  | { readonly state: 'declined'; readonly ref: string | null; readonly reason: string }
  | { readonly state: 'requires_action'; readonly ref: string; readonly nextAction: NextAction };

/** A charge with its money, as the provider's books have it. Amounts in minor units. */
export interface BookedCharge {
  /** Null when it was not made by us. */
  readonly key: string | null;
  readonly ref: string;
  readonly state: Charge['state'];
  readonly amount: number;
  readonly currency: string;
  /** Amount refunded of the captured money, refunds made directly at the provider included. */
  readonly refunded: number;
  readonly disputed: boolean;
  readonly createdAt: Date;
}

export interface ChargePage {
  readonly charges: BookedCharge[];
  /** Where the next page begins; null on the last one. */
  readonly next: string | null;
}

export type Settlement =
  | { readonly outcome: 'done'; readonly ref: string }
  | { readonly outcome: 'refused'; readonly reason: string };

/** Outcome without an answer in time, or with an inconclusive one: the effect may or may not have happened. */
export type Unknown = { readonly outcome: 'unknown' };
export const UNKNOWN: Unknown = { outcome: 'unknown' };

/** Subject of a provider's message. */
export interface ProviderMessage {
  /** Unique with the provider. */
  readonly id: string;
  readonly type: string;
  /** The provider's name of the charge; null when the message is about something else. */
  readonly ref: string | null;
}

/**
 * Port to the system that takes the money. Every call may be repeated with the same key without a second effect, may
 * throw, and may never answer: the signal ends the wait. A refusal is an answer; an exception means that there was
 * none. Nothing here takes part in database transactions.
 */
export interface PaymentProvider {
  readonly name: 'sandbox' | 'stripe';
  readonly method: ChosenPaymentMethod['method'];
  /** Key with which the browser makes a token; null where it needs none. */
  readonly publishableKey: string | null;
  /** Sets the money aside; it moves with `capture` only. */
  authorize(authorization: PaymentAuthorization, signal: AbortSignal): Promise<Charge | Unknown>;
  capture(charge: ChargeHandle, signal: AbortSignal): Promise<Settlement>;
  /** Releases the authorized money, or ends a charge that waits for the buyer. */
  void(charge: ChargeHandle, signal: AbortSignal): Promise<Settlement>;
  /** Refunds the captured money or a part of it. `key` names the refund. */
  refund(
    refund: { key: string; charge: ChargeHandle; amount: number },
    signal: AbortSignal,
  ): Promise<Settlement>;
  /** Outcome of a charge; undefined when there is none. */
  find(charge: ChargeHandle, signal: AbortSignal): Promise<Charge | Unknown | undefined>;
  /** The books of one charge; undefined when there is none, or nothing final in them. */
  inspect(ref: string, signal: AbortSignal): Promise<BookedCharge | undefined>;
  /** The books of all charges that were made, or of which something was refunded, since; in any order. */
  list(what: 'made' | 'refunded', since: Date, page: string | null, signal: AbortSignal): Promise<ChargePage>;
  /** Reads a message that the provider sent by HTTP. @returns undefined when it was not signed by it just now */
  readMessage(body: Buffer, signature: string | undefined): ProviderMessage | undefined;
}
