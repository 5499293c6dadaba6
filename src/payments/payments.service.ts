import { Inject, Injectable, Logger } from '@nestjs/common';
import { z } from 'zod';
import type { Principal } from '../auth/principal.js';
import { decodeCursor, encodeCursor } from '../common/schemas.js';
import { CONFIG, type Config } from '../config/config.js';
import {
  type Card,
  type Charge,
  PAYMENT_PROVIDER,
  type PaymentProvider,
  type Settlement,
  UNKNOWN,
  type Unknown,
} from './payment-provider.js';
import {
  type PaymentRecord,
  PaymentsRepository,
  type PaymentWithRefunds,
  type RefundRecord,
} from './payments.repository.js';
import type { PaymentPage, PaymentQuery } from './payments.schemas.js';

export type { Card, Charge, NextAction, Settlement, Unknown } from './payment-provider.js';
export type { PaymentRecord, RefundRecord } from './payments.repository.js';

const position = z.tuple([z.uuid()]);

/** Payments as records, and the provider behind a timeout: what it does not answer in time is unknown. */
@Injectable()
export class PaymentsService {
  private readonly log = new Logger(PaymentsService.name);
  private readonly listeners: ((payment: PaymentRecord) => Promise<void>)[] = [];

  constructor(
    private readonly payments: PaymentsRepository,
    @Inject(PAYMENT_PROVIDER) private readonly provider: PaymentProvider,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  get providerName(): string {
    return this.provider.name;
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

  authorize({ key, amount, currency }: PaymentRecord, card: Card): Promise<Charge | Unknown> {
    return this.ask('authorize', (signal) =>
      this.provider.authorize({ key, amount, currency, card }, signal),
    );
  }

  /** What became of the charge; undefined when the provider has none. */
  lookUp({ key }: PaymentRecord): Promise<Charge | Unknown | undefined> {
    return this.ask('find', (signal) => this.provider.find(key, signal));
  }

  /** The money moves. Whatever is not known yet stays to be captured. */
  async capture({ id, key }: PaymentRecord): Promise<Settlement | Unknown> {
    const result = await this.ask('capture', (signal) => this.provider.capture(key, signal));
    if (result.outcome !== 'refused')
      await this.payments.move(id, ['authorized'], result.outcome === 'done' ? 'captured' : 'authorized');
    return result;
  }

  /** The money that was set aside is free again. */
  async void({ id, key }: PaymentRecord): Promise<void> {
    const result = await this.ask('void', (signal) => this.provider.void(key, signal));
    if (result.outcome === 'refused')
      this.log.error({ payment: id, reason: result.reason }, 'A payment could not be voided');
    await this.payments.move(id, ['voiding'], result.outcome === 'done' ? 'voided' : 'voiding');
  }

  /** Asks for a refund; a refused one is noted for the operators. The caller finishes an accepted one. */
  async refund(refund: RefundRecord, payment: PaymentRecord): Promise<Settlement | Unknown> {
    const { id, key, amount } = refund;
    const result = await this.ask('refund', (signal) =>
      this.provider.refund({ key, chargeKey: payment.key, amount }, signal),
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
      await this.payments.move(id, open, 'requires_action', said.nextAction);
  }

  /**
   * Gives back charges under keys whose payment has failed here: a request that seemed lost has arrived after all.
   * @returns how many
   */
  async voidStrays(since: Date): Promise<number> {
    const listed = await this.ask('list', (signal) => this.provider.list(since, signal));
    if (!Array.isArray(listed)) return 0;
    const keys = listed.filter(({ state }) => STANDING.has(state)).map(({ key }) => key);
    const strays = keys.length === 0 ? [] : await this.payments.failedKeys(keys);
    for (const key of strays) await this.ask('void', (signal) => this.provider.void(key, signal));
    return strays.length;
  }

  /** Calls back when the provider has news of a payment. */
  onNews(listener: (payment: PaymentRecord) => Promise<void>): void {
    this.listeners.push(listener);
  }

  async tellNews(key: string): Promise<void> {
    const payment = await this.payments.findByKey(key);
    if (payment) for (const listener of this.listeners) await listener(payment);
  }

  private async ask<T>(what: string, call: (signal: AbortSignal) => Promise<T>): Promise<T | Unknown> {
    const signal = AbortSignal.timeout(this.config.paymentTimeoutMs);
    const late = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
    );
    try {
      return await Promise.race([call(signal), late]);
    } catch (error) {
      this.log.warn(
        { err: error, call: what, provider: this.provider.name },
        'The payment provider gave no answer',
      );
      return UNKNOWN;
    }
  }
}

const STANDING = new Set<Charge['state']>(['authorized', 'requires_action']);

const toBody = ({
  userId: _,
  key: __,
  nextAction: ___,
  ...row
}: PaymentWithRefunds): PaymentPage['data'][number] => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  refunds: row.refunds.map((refund) => ({ ...refund, createdAt: new Date(refund.createdAt).toISOString() })),
});
