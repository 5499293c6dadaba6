import { Logger } from '@nestjs/common';
import { Stripe } from 'stripe';
import type { StripeSettings } from '../../platform/config/config.js';
import type {
  BookedCharge,
  Charge,
  ChargeHandle,
  ChargePage,
  PaymentAuthorization,
  PaymentProvider,
  ProviderMessage,
  Settlement,
  Unknown,
} from './payment-provider.js';
import { declineReason, KEY, toBookedCharge, toCharge } from './stripe-charge.rules.js';
import { readStripeMessage } from './stripe-messages.js';
import { toStripeAmount } from './stripe-money.rules.js';

const PAGE = 100;
const BOOKS = ['latest_charge'];
/** Before we began a charge Stripe cannot have made it, give or take two clocks; nor long after we waited for the answer. */
const EARLIEST_MS = -300_000;
const LATEST_MS = 1_800_000;

/**
 * Payment intents that are confirmed at once and captured later. The idempotency key guards the creation of an intent or
 * a refund for the 24 hours that Stripe keeps keys; capturing and cancelling are safe by the intent's own state and go
 * without, since Stripe repeats even an internal error under a key.
 */
export class StripeProviderService implements PaymentProvider {
  readonly name = 'stripe';
  readonly method = 'token';
  readonly publishableKey: string | null;
  private readonly stripe: Stripe;
  private readonly log = new Logger(StripeProviderService.name);

  constructor(
    private readonly settings: StripeSettings,
    timeoutMs: number,
  ) {
    this.publishableKey = settings.publishableKey;
    const base = new URL(settings.apiBase);
    this.stripe = new Stripe(settings.secretKey, {
      protocol: base.protocol === 'http:' ? 'http' : 'https',
      host: base.hostname,
      ...(base.port && { port: base.port }),
      // Repetition is ours, so that the breaker and the metrics see it.
      maxNetworkRetries: 0,
      timeout: timeoutMs,
      telemetry: false,
    });
  }

  async authorize({
    key,
    amount,
    currency,
    bookingId,
    paymentMethod,
  }: PaymentAuthorization): Promise<Charge | Unknown> {
    const units = toStripeAmount(amount, currency);
    if (units === undefined) return { state: 'declined', ref: null, reason: 'amount_not_supported' };
    if (paymentMethod.method !== 'token') throw new Error('Stripe takes tokens only');
    const { intents } = this;
    try {
      const intent = await intents.create(
        {
          amount: units,
          currency: currency.toLowerCase(),
          payment_method: paymentMethod.token,
          allowed_payment_method_types: ['card'],
          capture_method: 'manual',
          confirm: true,
          // A second step happens in the buyer's browser, with Stripe's library and the client secret.
          use_stripe_sdk: true,
          metadata: { [KEY]: key, evently_booking: bookingId },
        },
        { idempotencyKey: key },
      );
      return toCharge(intent);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // Nothing that a buyer has done: settings of the account, or a request that we should not have made.
      if (error.type !== 'StripeCardError' && error.param !== 'payment_method')
        this.log.error({ err: error, key }, 'Stripe refused the request itself');
      return { state: 'declined', ref: error.payment_intent?.id ?? null, reason: declineReason(error) };
    }
  }

  async capture(charge: ChargeHandle): Promise<Settlement> {
    return this.settle(charge, 'succeeded', (ref) => this.intents.capture(ref));
  }

  async void(charge: ChargeHandle): Promise<Settlement> {
    return this.settle(charge, 'canceled', (ref) => this.intents.cancel(ref));
  }

  /** Looks before it refunds: Stripe forgets keys after a day, and a refund may be taken up again later than that. */
  async refund({
    key,
    charge,
    amount,
  }: {
    key: string;
    charge: ChargeHandle;
    amount: number;
  }): Promise<Settlement> {
    const intent = await this.locate(charge);
    if (!intent) return { outcome: 'refused', reason: 'no_such_charge' };
    const units = toStripeAmount(amount, intent.currency.toUpperCase());
    if (units === undefined) return { outcome: 'refused', reason: 'amount_not_supported' };
    for await (const made of this.stripe.refunds.list({ payment_intent: intent.id, limit: PAGE }))
      if (made.metadata?.[KEY] === key) return refundSettlement(made);
    try {
      const made = await this.stripe.refunds.create(
        { payment_intent: intent.id, amount: units, metadata: { [KEY]: key } },
        { idempotencyKey: key },
      );
      return refundSettlement(made);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return { outcome: 'refused', reason: declineReason(error) };
    }
  }

  async find(charge: ChargeHandle): Promise<Charge | Unknown | undefined> {
    const intent = await this.locate(charge);
    return intent && toCharge(intent);
  }

  async inspect(ref: string): Promise<BookedCharge | undefined> {
    const intent = await this.retrieve(ref, BOOKS);
    return intent && toBookedCharge(intent);
  }

  async list(what: 'made' | 'refunded', since: Date, page: string | null): Promise<ChargePage> {
    const query = {
      created: { gte: Math.floor(since.getTime() / 1000) },
      limit: PAGE,
      ...(page !== null && { starting_after: page }),
    };
    if (what === 'made') {
      const { data, has_more } = await this.intents.list({
        ...query,
        expand: BOOKS.map((path) => `data.${path}`),
      });
      return { charges: booked(data), next: has_more ? data.at(-1)!.id : null };
    }
    const { data, has_more } = await this.stripe.refunds.list({
      ...query,
      expand: ['data.payment_intent', ...BOOKS.map((path) => `data.payment_intent.${path}`)],
    });
    const intents = data.flatMap(({ payment_intent: intent }) =>
      typeof intent === 'object' && intent ? [intent] : [],
    );
    return {
      charges: booked(intents),
      next: has_more ? data.at(-1)!.id : null,
    };
  }

  readMessage(body: Buffer, signature: string | undefined): ProviderMessage | undefined {
    return readStripeMessage(this.stripe, body, signature, this.settings.webhookSecret);
  }

  private get intents() {
    return this.stripe.paymentIntents;
  }

  private async settle(
    charge: ChargeHandle,
    wanted: Stripe.PaymentIntent.Status,
    act: (ref: string) => Promise<Stripe.PaymentIntent>,
  ): Promise<Settlement> {
    const ref = charge.ref ?? (await this.locate(charge))?.id;
    if (ref === undefined) return { outcome: 'refused', reason: 'no_such_charge' };
    try {
      await act(ref);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const now = error.payment_intent ?? (await this.retrieve(ref));
      if (now?.status !== wanted) return { outcome: 'refused', reason: declineReason(error) };
    }
    return { outcome: 'done', ref };
  }

  /**
   * The intent of a charge. Without its id, because no answer ever told it, it is looked for among those made about then:
   * lists are up to date, while Stripe's search by metadata may lag by minutes.
   */
  private async locate({ key, ref, createdAt }: ChargeHandle): Promise<Stripe.PaymentIntent | undefined> {
    if (ref !== null) return this.retrieve(ref);
    const gte = Math.floor((createdAt.getTime() + EARLIEST_MS) / 1000);
    const lte = Math.ceil((createdAt.getTime() + LATEST_MS) / 1000);
    for await (const intent of this.intents.list({ created: { gte, lte }, limit: PAGE }))
      if (intent.metadata[KEY] === key) return intent;
    return undefined;
  }

  private async retrieve(ref: string, expand: string[] = []): Promise<Stripe.PaymentIntent | undefined> {
    try {
      return await this.intents.retrieve(ref, { expand });
    } catch (error) {
      if (error instanceof Stripe.errors.StripeError && error.statusCode === 404) return undefined;
      throw error;
    }
  }
}

const booked = (intents: Stripe.PaymentIntent[]): BookedCharge[] =>
  intents.map(toBookedCharge).filter((charge) => charge !== undefined);

type Refusal = InstanceType<
  typeof Stripe.errors.StripeCardError | typeof Stripe.errors.StripeInvalidRequestError
>;

/**
 * Stripe's answer is no: a declined card, or a request that cannot be done, now or ever. Anything else is no answer, also
 * 409: another request under the same key is still being worked on.
 */
const isRefusal = (error: unknown): error is Refusal =>
  error instanceof Stripe.errors.StripeCardError ||
  (error instanceof Stripe.errors.StripeInvalidRequestError && error.statusCode !== 409);

/** `pending` is accepted: should it fail later, the reconciliation reports it. */
const refundSettlement = ({ id, status, failure_reason }: Stripe.Refund): Settlement =>
  status === 'failed' || status === 'canceled'
    ? { outcome: 'refused', reason: failure_reason ?? status }
    : { outcome: 'done', ref: id };
