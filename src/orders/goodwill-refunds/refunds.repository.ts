import { Injectable } from '@nestjs/common';
import { claimOf, type IdempotentCall } from '../../platform/common/idempotent-call.js';
import { correlationId } from '../../platform/common/request-context.js';
import { DatabaseService } from '../../platform/database/database.service.js';

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
  constructor(private readonly database: DatabaseService) {}

  /** Outcomes: `ok`, `replay`, `idempotency_key_reused`, `refund_exceeds_payment`. */
  begin(
    { paymentId, amount, refundId, saga, actor }: Goodwill,
    call: IdempotentCall | undefined,
  ): Promise<GoodwillResult> {
    return this.database.call(
      'goodwill.begin',
      'SELECT goodwill_begin_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS result',
      [
        paymentId,
        amount,
        refundId,
        saga.id,
        saga.lease,
        saga.seconds,
        actor,
        ...claimOf(call),
        correlationId(),
      ],
    );
  }
}
