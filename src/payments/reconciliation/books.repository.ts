import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { PaymentRecord } from '../payments/payments.service.js';
import { ReconciledEntity } from './reconciled.entity.js';

export interface Refunded {
  /** Amount refunded through the provider, and the amount of refunds under way, in minor units. */
  readonly refunded: number;
  readonly refunding: number;
}

/** Our side of the comparison with a provider, and how far it has come. */
@Injectable()
export class BooksRepository {
  constructor(
    @InjectRepository(ReconciledEntity) private readonly reconciled: Repository<ReconciledEntity>,
    private readonly database: DatabaseService,
  ) {}

  /** By payment; none for those without refunds. */
  async refunds(paymentIds: readonly string[]): Promise<Map<string, Refunded>> {
    // Refunds paid by other ways have no reference of the provider.
    const rows = await this.database.statement<Refunded & { id: string }>(
      'books.refunds',
      `SELECT payment_id AS id,
              coalesce(sum(amount) FILTER (WHERE status = 'succeeded' AND provider_ref IS NOT NULL), 0)::float8 AS refunded,
              coalesce(sum(amount) FILTER (WHERE status IN ('created', 'unknown')), 0)::float8 AS refunding
       FROM refund WHERE payment_id = ANY ($1) GROUP BY payment_id`,
      [paymentIds],
    );
    return new Map(rows.map(({ id, ...sums }) => [id, sums]));
  }

  /** Keys of the payments begun between two times and captured, as far as we know. */
  async captured(provider: string, from: Date, to: Date): Promise<string[]> {
    const rows = await this.database.statement<Pick<PaymentRecord, 'key'>>(
      'books.captured',
      `SELECT idempotency_key AS key FROM payment
       WHERE provider = $1 AND status = 'captured' AND created_at >= $2 AND created_at < $3`,
      [provider, from, to],
    );
    return rows.map(({ key }) => key);
  }

  /** Undefined before the first comparison. */
  async until(provider: string): Promise<Date | undefined> {
    return (await this.reconciled.findOneBy({ provider }))?.until;
  }

  async setUntil(provider: string, until: Date): Promise<void> {
    await this.database.statement(
      'books.set_until',
      `INSERT INTO reconciled (provider, until) VALUES ($1, $2)
       ON CONFLICT (provider) DO UPDATE SET until = greatest(reconciled.until, excluded.until)`,
      [provider, until],
    );
  }
}
