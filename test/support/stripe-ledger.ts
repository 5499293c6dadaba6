import type { Form } from './stripe-types.js';

export interface Intent {
  id: string;
  object: 'payment_intent';
  amount: number;
  currency: string;
  status: string;
  created: number;
  metadata: Record<string, string>;
  client_secret: string;
  last_payment_error: StripeProblem | null;
  next_action: object | null;
  latest_charge: string | null;
  /** Not of Stripe: what an expanded `latest_charge` shows. */
  charge: { amount_refunded: number; disputed: boolean };
}

export interface RefundEntry {
  id: string;
  object: 'refund';
  amount: number;
  payment_intent: string;
  status: string;
  failure_reason?: string;
  metadata: Record<string, string>;
  created: number;
}

export interface StripeProblem {
  type: 'card_error' | 'invalid_request_error' | 'api_error' | 'idempotency_error';
  code?: string;
  decline_code?: string;
  param?: string;
  message: string;
}

/** A refusal as Stripe words it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly problem: StripeProblem,
    readonly intent?: Intent,
  ) {
    super(problem.message);
  }
}

const invalid = (code: string, message = code): StripeProblem => ({
  type: 'invalid_request_error',
  code,
  message,
});
const declined = (decline_code: string): StripeProblem => ({
  type: 'card_error',
  code: 'card_declined',
  decline_code,
  message: 'Your card was declined.',
});

/** Stripe's own names of test payment methods. */
const METHODS: Record<string, StripeProblem | 'ok' | 'action'> = {
  pm_card_visa: 'ok',
  pm_card_refundFail: 'ok',
  pm_card_threeDSecure2Required: 'action',
  pm_card_chargeDeclined: declined('generic_decline'),
  pm_card_chargeDeclinedInsufficientFunds: declined('insufficient_funds'),
};

/** Payment intents and refunds, and each change of them as an event that Stripe would send. */
export class StripeLedger {
  readonly intents = new Map<string, Intent>();
  readonly refunds = new Map<string, RefundEntry>();
  readonly events: { id: string; object: 'event'; type: string; data: { object: object } }[] = [];
  private readonly methods = new Map<string, string>();
  private count = 0;

  create(form: Record<string, Form>): Intent {
    const method = METHODS[`${form.payment_method}`];
    if (!method) throw new Refused(400, { ...invalid('resource_missing'), param: 'payment_method' });
    const intent: Intent = {
      id: this.newId('pi'),
      object: 'payment_intent',
      amount: Number(form.amount),
      currency: `${form.currency}`,
      status: 'requires_capture',
      created: Math.floor(Date.now() / 1000),
      metadata: { ...(form.metadata as Record<string, string>) },
      client_secret: this.newId('secret'),
      last_payment_error: null,
      next_action: null,
      latest_charge: this.newId('ch'),
      charge: { amount_refunded: 0, disputed: false },
    };
    this.intents.set(intent.id, intent);
    this.methods.set(intent.id, `${form.payment_method}`);
    this.tell('payment_intent.created', intent);
    if (method === 'ok')
      return this.move(intent, 'requires_capture', 'payment_intent.amount_capturable_updated');
    if (method === 'action') {
      intent.next_action = { type: 'use_stripe_sdk', use_stripe_sdk: {} };
      return this.move(intent, 'requires_action', 'payment_intent.requires_action');
    }
    intent.last_payment_error = method;
    this.move(intent, 'requires_payment_method', 'payment_intent.payment_failed');
    throw new Refused(402, method, intent);
  }

  capture(id: string): Intent {
    const intent = this.find(id);
    if (intent.status !== 'requires_capture')
      throw new Refused(400, invalid('payment_intent_unexpected_state'), intent);
    return this.move(intent, 'succeeded', 'payment_intent.succeeded');
  }

  cancel(id: string): Intent {
    const intent = this.find(id);
    if (['succeeded', 'canceled'].includes(intent.status))
      throw new Refused(400, invalid('payment_intent_unexpected_state'), intent);
    return this.move(intent, 'canceled', 'payment_intent.canceled');
  }

  refund(form: Record<string, Form>): RefundEntry {
    const intent = this.find(`${form.payment_intent}`);
    const amount =
      form.amount === undefined ? intent.amount - intent.charge.amount_refunded : Number(form.amount);
    if (intent.status !== 'succeeded') throw new Refused(400, invalid('charge_not_refundable'));
    if (intent.charge.amount_refunded + amount > intent.amount)
      throw new Refused(400, invalid('charge_already_refunded'));
    const fails = this.methods.get(intent.id) === 'pm_card_refundFail';
    const refund: RefundEntry = {
      id: this.newId('re'),
      object: 'refund',
      amount,
      payment_intent: intent.id,
      status: fails ? 'failed' : 'succeeded',
      ...(fails && { failure_reason: 'expired_or_canceled_card' }),
      metadata: { ...(form.metadata as Record<string, string>) },
      created: Math.floor(Date.now() / 1000),
    };
    this.refunds.set(refund.id, refund);
    if (!fails) intent.charge.amount_refunded += amount;
    this.tell('refund.created', refund);
    this.tell('charge.refunded', { object: 'charge', id: intent.latest_charge, payment_intent: intent.id });
    return refund;
  }

  /** Stands for the buyer's answer in the browser; after one that agreed there is nothing to answer any more. */
  authenticate(id: string, approved: boolean): void {
    const intent = this.find(id);
    if (!['requires_action', 'requires_payment_method'].includes(intent.status))
      throw new Refused(400, invalid('payment_intent_unexpected_state'), intent);
    intent.next_action = null;
    if (approved) {
      this.move(intent, 'requires_capture', 'payment_intent.amount_capturable_updated');
      return;
    }
    intent.last_payment_error = { ...invalid('payment_intent_authentication_failure'), type: 'card_error' };
    this.move(intent, 'requires_payment_method', 'payment_intent.payment_failed');
  }

  /** Stands for the buyer's bank weeks later. */
  dispute(id: string): void {
    const intent = this.find(id);
    intent.charge.disputed = true;
    this.tell('charge.dispute.created', { object: 'dispute', id: this.newId('dp'), payment_intent: id });
  }

  find(id: string): Intent {
    const intent = this.intents.get(id);
    if (!intent) throw new Refused(404, invalid('resource_missing', `No such payment_intent: ${id}`));
    return intent;
  }

  private move(intent: Intent, status: string, event: string): Intent {
    intent.status = status;
    this.tell(event, intent);
    return intent;
  }

  /** An event shows its object as it was then. */
  private tell(type: string, object: object): void {
    this.events.push({
      id: this.newId('evt'),
      object: 'event',
      type,
      data: { object: structuredClone(object) },
    });
  }

  private newId(prefix: string): string {
    return `${prefix}_standin${`${++this.count}`.padStart(10, '0')}`;
  }
}
