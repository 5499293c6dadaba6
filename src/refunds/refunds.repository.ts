import { Injectable } from '@nestjs/common';
import type { IdempotentCall } from '../common/idempotent-call.js';
import { correlationId } from '../common/request-context.js';
import { Database } from '../database/database.service.js';

export interface Goodwill {
  readonly paymentId: string;
  readonly amount: number;
  readonly refundId: string;
  readonly saga: { readonly id: string; readonly lease: string; readonly seconds: number };
  readonly actor: string;
}

/** `subject`: the refund that was begun, now or under the same key before. `left`: what could be paid back. */
export interface GoodwillResult {
  readonly outcome: string;
  readonly subject?: string;
  readonly left?: number;
}

@Injectable()
export class RefundsRepository {
  constructor(private readonly database: Database) {}

  /** Outcomes: `ok`, `replay`, `idempotency_key_reused`, `refund_exceeds_payment`. */
  async begin(
    { paymentId, amount, refundId, saga, actor }: Goodwill,
    call: IdempotentCall,
  ): Promise<GoodwillResult> {
    const [row] = await this.database.statement<{ result: GoodwillResult }>(
      'goodwill.begin',
      'SELECT goodwill_begin_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS result',
      [paymentId, amount, refundId, saga.id, saga.lease, saga.seconds, actor, ...call.claim, correlationId()],
    );
    return row!.result;
  }
}
