import { Inject, Injectable, Logger } from '@nestjs/common';
import { z } from 'zod';
import type { Principal } from '../auth/principal.js';
import { decodeCursor, encodeCursor } from '../common/schemas.js';
import { CONFIG, type Config } from '../config/config.js';
import { PaymentNews } from './payment-news.service.js';
import type { Charge, Means, Settlement, Unknown } from './payment-provider.js';
import { PaymentProviders } from './payment-providers.service.js';
import {
  type PaymentRecord,
  PaymentsRepository,
  type PaymentWithRefunds,
  type RefundRecord,
} from './payments.repository.js';
import type { PaymentPage, PaymentQuery } from './payments.schemas.js';

export type {
  BookedCharge,
  Charge,
  Means,
  NextAction,
  ProviderMessage,
  Settlement,
  Unknown,
} from './payment-provider.js';
export type { PaymentRecord, RefundRecord } from './payments.repository.js';

const position = z.tuple([z.uuid()]);

/** Payments as records, and what the provider is asked for them: what it does not answer in time is unknown. */
@Injectable()
export class PaymentsService {
  private readonly log = new Logger(PaymentsService.name);

  constructor(
    private readonly payments: PaymentsRepository,
    private readonly providers: PaymentProviders,
    private readonly news: PaymentNews,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Who takes new payments. */
  get providerName(): string {
    return this.providers.current.name;
  }

  /**
   * To be called before a payment begins. Errors: `payment_method_unsupported` by the current provider,
   * `payments_unavailable` while it does not answer.
   */
  assertReady(method: Means['method']): void {
    this.providers.assertReady(method);
  }

  /** The caller's own, newest first. Errors: `invalid_cursor`. */
  async list(user: Principal, { limit, cursor, bookingId }: PaymentQuery): Promise<PaymentPage> {
    const before = cursor === undefined ? null : decodeCursor(cursor, position)[0];
    const rows = await this.payments.ofUser(user.id, bookingId ?? null, limit + 1, before);
    const shown = rows.slice(0, limit);
    return { data: shown.map(toBody), next: rows.length > limit ? encodeCursor([shown.at(-1)!.id]) : null };
  }

  find(id: string): Promise<PaymentRecord | undefined> {
    return this.payments.find(id);
  }

  /** Those there are, in any order. */
  findByKeys(keys: readonly string[]): Promise<PaymentRecord[]> {
    return this.payments.findByKeys(keys);
  }

  latest(bookingId: string): Promise<PaymentRecord | undefined> {
    return this.payments.latest(bookingId);
  }

  findRefund(id: string): Promise<RefundRecord | undefined> {
    return this.payments.findRefund(id);
  }

  unfinished(limit: number): Promise<PaymentRecord[]> {
    return this.payments.unfinished(this.config.paymentRecoveryMs, limit);
  }

  unfinishedRefunds(limit: number): Promise<RefundRecord[]> {
    return this.payments.unfinishedRefunds(this.config.paymentRecoveryMs, limit);
  }

  authorize(payment: PaymentRecord, means: Means): Promise<Charge | Unknown> {
    return this.providers.ask(payment.provider, 'authorize', (provider, signal) =>
      provider.authorize({ ...payment, means }, signal),
    );
  }

  /** What became of the charge; undefined when the provider has none. */
  lookUp(payment: PaymentRecord): Promise<Charge | Unknown | undefined> {
    return this.providers.ask(payment.provider, 'find', (provider, signal) => provider.find(payment, signal));
  }

  /** The money moves. Whatever is not known yet stays to be captured. */
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

  /** The money that was set aside is free again. */
  async void(payment: PaymentRecord): Promise<void> {
    const { id, provider: name } = payment;
    const result = await this.providers.ask(name, 'void', (provider, signal) =>
      provider.void(payment, signal),
    );
    if (result.outcome === 'refused')
      this.log.error({ payment: id, reason: result.reason }, 'A payment could not be voided');
    await this.payments.move(id, ['voiding'], result.outcome === 'done' ? 'voided' : 'voiding');
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

  /** Leaves a refund for later; one that was settled meanwhile stays as it is. */
  postpone({ id }: RefundRecord): Promise<void> {
    return this.payments.moveRefund(id, 'unknown', null);
  }

  /** Keeps what the provider said while the payment goes on. */
  async note({ id }: PaymentRecord, said: Charge | Unknown): Promise<void> {
    const open = ['created' as const, 'unknown' as const, 'requires_action' as const];
    if (!('state' in said)) await this.payments.move(id, ['created', 'unknown'], 'unknown');
    else if (said.state === 'requires_action')
      await this.payments.move(id, open, 'requires_action', said.ref, said.nextAction);
  }

  /** Calls back when the provider has news of a payment. */
  onNews(listener: (payment: PaymentRecord) => Promise<void>): void {
    this.news.listen(listener);
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
