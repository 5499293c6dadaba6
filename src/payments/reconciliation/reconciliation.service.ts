import { Injectable, Logger } from '@nestjs/common';
import { PaymentsService } from '../payments/payments.service.js';
import { PaymentNewsService } from '../providers/payment-news.service.js';
import { type BookedCharge, PaymentProvidersService } from '../providers/payment-providers.service.js';
import { BooksRepository } from './books.repository.js';
import { DiscrepanciesRepository } from './discrepancies.repository.js';
import type { ComparisonBody } from './discrepancies.schemas.js';
import { type BookedPayment, compare, type Verdict } from './reconciliation.rules.js';

/** A payment younger than this may not have reached the provider yet. */
const GRACE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

/**
 * Compares the provider's books with ours, repairs differences that have one right answer and reports the others.
 * Before anything is done, a difference seen in a list is checked again on its own: list and database are not read at
 * one moment.
 */
@Injectable()
export class ReconciliationService {
  private readonly log = new Logger(ReconciliationService.name);

  constructor(
    private readonly providers: PaymentProvidersService,
    private readonly payments: PaymentsService,
    private readonly news: PaymentNewsService,
    private readonly books: BooksRepository,
    private readonly discrepancies: DiscrepanciesRepository,
  ) {}

  /** The moment up to which everything was compared; undefined before the first time. */
  until(): Promise<Date | undefined> {
    return this.books.until(this.provider);
  }

  /** Compares the last `days` days now. */
  async compareDays(days: number): Promise<ComparisonBody> {
    const complete = await this.run(new Date(Date.now() - days * DAY_MS));
    return { complete, until: (await this.until())?.toISOString() ?? null };
  }

  /**
   * All charges made, or of which something was refunded, since.
   * @returns false when the provider did not answer: what is missing then comes with the next run
   */
  async run(since: Date): Promise<boolean> {
    const begun = new Date();
    const seen = new Set<string>();
    for (const what of ['made', 'refunded'] as const) if (!(await this.walk(what, since, seen))) return false;
    const missing = await this.books.captured(this.provider, since, new Date(begun.getTime() - GRACE_MS));
    for (const key of missing.filter((known) => !seen.has(known))) await this.checkMissing(key);
    await this.books.setUntil(this.provider, begun);
    return true;
  }

  /** One charge, by the provider's name. @returns false when the provider did not answer */
  async check(ref: string): Promise<boolean> {
    const inspect = () =>
      this.providers.ask(this.provider, 'inspect', (provider, signal) => provider.inspect(ref, signal));
    const first = await inspect();
    if (!first || 'outcome' in first) return first === undefined;
    const before = (await this.ours([first])).get(first.key);
    const charge = await inspect();
    if (!charge || 'outcome' in charge) return charge === undefined;
    const after = (await this.ours([charge])).get(charge.key);
    // Somebody is at work on it, who will be done in a moment or found by the next run.
    if (JSON.stringify(before) === JSON.stringify(after))
      await this.act(charge, after, compare(charge, after));
    return true;
  }

  private get provider(): string {
    return this.providers.current.name;
  }

  private async walk(what: 'made' | 'refunded', since: Date, seen: Set<string>): Promise<boolean> {
    let page: string | null = null;
    do {
      const listed = await this.providers.ask(this.provider, 'list', (provider, signal) =>
        provider.list(what, since, page, signal),
      );
      if ('outcome' in listed) return false;
      const ours = await this.ours(listed.charges);
      for (const charge of listed.charges) {
        if (charge.key !== null) seen.add(charge.key);
        if (compare(charge, ours.get(charge.key)).action !== 'none') await this.check(charge.ref);
      }
      page = listed.next;
    } while (page !== null);
    return true;
  }

  /** By key; none has the key null. */
  private async ours(charges: readonly BookedCharge[]): Promise<Map<string | null, BookedPayment>> {
    const keys = charges.flatMap(({ key }) => (key === null ? [] : [key]));
    const payments = keys.length === 0 ? [] : await this.payments.findByKeys(keys);
    const refunds = await this.books.refunds(payments.map(({ id }) => id));
    return new Map(
      payments.map((payment) => [
        payment.key,
        { payment, refunded: 0, refunding: 0, ...refunds.get(payment.id) },
      ]),
    );
  }

  private async act(charge: BookedCharge, ours: BookedPayment | undefined, verdict: Verdict): Promise<void> {
    if (verdict.action === 'none') return;
    if (verdict.action === 'tell') return this.news.tell(charge.key!);
    if (verdict.action !== 'report' && !(await this.returnCharge(charge, verdict.action))) return;
    const about = { provider: this.provider, ref: charge.ref, paymentId: ours?.payment.id ?? null };
    const status = verdict.action === 'report' ? 'open' : 'repaired';
    const isNew = await this.discrepancies.add(verdict.discrepancy, about, status);
    if (isNew)
      this.log.warn(
        { ...about, ...verdict.discrepancy },
        'The books of the provider differ from those of Evently',
      );
  }

  /** @returns whether it is done */
  private async returnCharge(charge: BookedCharge, how: 'void' | 'refund'): Promise<boolean> {
    const handle = { key: charge.key!, ref: charge.ref, createdAt: charge.createdAt };
    const amount = charge.amount - charge.refunded;
    const result = await this.providers.ask(this.provider, how, (provider, signal) =>
      how === 'void'
        ? provider.void(handle, signal)
        : provider.refund({ key: `stray_${handle.key}`, charge: handle, amount }, signal),
    );
    if (result.outcome === 'refused')
      this.log.error({ ref: charge.ref, how, reason: result.reason }, 'A stray charge could not be refunded');
    return result.outcome === 'done';
  }

  /** Captured here, but not among what the provider listed. */
  private async checkMissing(key: string): Promise<void> {
    const [payment] = await this.payments.findByKeys([key]);
    const found = payment && (await this.payments.lookUp(payment));
    if (!payment || found) return;
    const expected = { state: 'captured', amount: payment.amount, currency: payment.currency };
    const about = { provider: this.provider, ref: payment.ref ?? key, paymentId: payment.id };
    await this.discrepancies.add({ kind: 'missing_at_provider', expected, found: {} }, about, 'open');
  }
}
