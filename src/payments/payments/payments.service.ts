import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/access/principal.js';
import { readPageById } from '../../platform/common/pages.js';
import { PaymentNewsService } from '../providers/payment-news.service.js';
import {
  type Charge,
  type ChosenPaymentMethod,
  PaymentProvidersService,
  type Settlement,
  type Unknown,
} from '../providers/payment-providers.service.js';
import {
  type PaymentRecord,
  type PaymentSum,
  PaymentsRepository,
  type PaymentWithRefunds,
  type RefundRecord,
} from './payments.repository.js';
import type { PaymentMethod, PaymentPage, PaymentQuery } from './payments.schemas.js';

export type {
  Charge,
  ChosenPaymentMethod,
  NextAction,
  Settlement,
  Unknown,
} from '../providers/payment-providers.service.js';
export type { PaymentRecord, RefundRecord } from './payments.repository.js';

/** Payments, and the calls of the provider for them: the outcome of a call without an answer in time is unknown. */
@Injectable()
export class PaymentsService {
  constructor(
    private readonly payments: PaymentsRepository,
    private readonly providers: PaymentProvidersService,
    private readonly news: PaymentNewsService,
  ) {}

  /** Name of the provider that takes new payments of events that are no sandbox events. */
  get providerName(): string {
    return this.providers.current.name;
  }

  /** Payment method that a client must send to pay now, for a sandbox event or another one. */
  method(sandbox: boolean): PaymentMethod {
    const { name: provider, method, publishableKey } = this.providers.takerFor(sandbox);
    return { provider, method, publishableKey };
  }

  /**
   * To be called before a payment begins.
   * @param method undefined: nothing is to be paid
   * @returns the name of the provider that takes it
   * Errors: `payment_method_unsupported` by the provider, `payments_unavailable` while it does not answer.
   */
  takerFor(sandbox: boolean, method: ChosenPaymentMethod['method'] | undefined): string {
    const provider = this.providers.takerFor(sandbox);
    if (method) this.providers.assertReady(provider, method);
    return provider.name;
  }

  /** Captured and refunded sums of a person, by currency. */
  sumsOf(userId: string): Promise<PaymentSum[]> {
    return this.payments.sumsOf(userId);
  }

  /** The caller's own, newest first. Errors: `invalid_cursor`. */
  async list({ id }: Principal, { bookingId, ...query }: PaymentQuery): Promise<PaymentPage> {
    const page = await readPageById(query, (count, before) =>
      this.payments.ofUser(id, bookingId ?? null, count, before),
    );
    return { ...page, data: page.data.map(toBody) };
  }

  find(id: string): Promise<PaymentRecord | undefined> {
    return this.payments.find(id);
  }

  /** Payments that exist under these keys, in any order. */
  findByKeys(keys: readonly string[]): Promise<PaymentRecord[]> {
    return this.payments.findByKeys(keys);
  }

  latest(bookingId: string): Promise<PaymentRecord | undefined> {
    return this.payments.latest(bookingId);
  }

  findRefund(id: string): Promise<RefundRecord | null> {
    return this.payments.findRefund(id);
  }

  /** Minor units of a booking's payment that no refund has given back or is giving back. */
  refundable(bookingId: string): Promise<number> {
    return this.payments.refundable(bookingId);
  }

  authorize(payment: PaymentRecord, paymentMethod: ChosenPaymentMethod): Promise<Charge | Unknown> {
    return this.providers.ask(payment.provider, 'authorize', (provider, signal) =>
      provider.authorize({ ...payment, paymentMethod }, signal),
    );
  }

  /** Outcome of the charge; undefined when the provider has none. */
  lookUp(payment: PaymentRecord): Promise<Charge | Unknown | undefined> {
    return this.providers.ask(payment.provider, 'find', (provider, signal) => provider.find(payment, signal));
  }

  /** Captures the money. If the outcome is unknown, the payment stays to be captured. */
  async capture(payment: PaymentRecord): Promise<Settlement | Unknown> {
    const result = await this.providers.ask(payment.provider, 'capture', (provider, signal) =>
      provider.capture(payment, signal),
    );
    if (result.outcome !== 'refused')
      await this.payments.move(
        payment.id,
        ['authorized'],
        result.outcome === 'done' ? 'captured' : 'authorized',
      );
    return result;
  }

  /** Gives back what the provider holds of a failed payment, captured or not. */
  async voidOrRefund(payment: PaymentRecord): Promise<Settlement | Unknown> {
    const result = await this.release(payment);
    if (result.outcome === 'done') await this.payments.move(payment.id, ['voiding'], 'voided');
    return result;
  }

  /** Asks for a refund; a refused one is noted for the operators. The caller finishes an accepted one. */
  async refund(refund: RefundRecord, charge: PaymentRecord): Promise<Settlement | Unknown> {
    const { id, key, amount } = refund;
    const result = await this.providers.ask(charge.provider, 'refund', (provider, signal) =>
      provider.refund({ key, charge, amount }, signal),
    );
    if (result.outcome === 'unknown') await this.payments.moveRefund(id, 'unknown', null);
    if (result.outcome === 'refused') await this.payments.moveRefund(id, 'refused', result.reason);
    return result;
  }

  /** Stores an answer of the provider while the payment goes on. */
  async note({ id }: PaymentRecord, said: Charge | Unknown): Promise<void> {
    const open = ['created' as const, 'unknown' as const, 'requires_action' as const];
    if (!('state' in said)) await this.payments.move(id, ['created', 'unknown'], 'unknown');
    else if (said.state === 'requires_action')
      await this.payments.move(id, open, 'requires_action', said.ref, said.nextAction);
  }

  /** Calls back when the provider has news of a payment. */
  onNews(listener: (payment: PaymentRecord) => Promise<void>): void {
    this.news.listen(async (key) => {
      const [payment] = await this.payments.findByKeys([key]);
      if (payment) await listener(payment);
    });
  }

  private async release(payment: PaymentRecord): Promise<Settlement | Unknown> {
    const { provider: name, key, amount } = payment;
    const voided = await this.providers.ask(name, 'void', (provider, signal) =>
      provider.void(payment, signal),
    );
    if (voided.outcome !== 'refused') return voided;
    const charge = await this.lookUp(payment);
    if (charge && 'outcome' in charge) return charge;
    if (!charge || charge.state === 'declined' || charge.state === 'voided')
      return { outcome: 'done', ref: charge?.ref ?? key };
    if (charge.state !== 'captured') return voided;
    return this.providers.ask(name, 'refund', (provider, signal) =>
      provider.refund({ key: `back_${key}`, charge: payment, amount }, signal),
    );
  }
}

const toBody = ({
  userId: _,
  key: __,
  ref: ___,
  nextAction: ____,
  ...row
}: PaymentWithRefunds): PaymentPage['data'][number] => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  refunds: row.refunds.map((refund) => ({ ...refund, createdAt: new Date(refund.createdAt).toISOString() })),
});
