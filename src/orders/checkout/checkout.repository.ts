import { Injectable } from '@nestjs/common';
import type { ChangeResult } from '../../inventory/changes/inventory.service.js';
import { claimOf, type IdempotentCall } from '../../platform/common/idempotent-call.js';
import { correlationId } from '../../platform/common/request-context.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { CheckoutData, CheckoutRun } from './checkout.data.js';

/** Also `replay`: the key was used before, for `subject`; with `status` and `answer` when it has been answered. */
export interface StepResult extends ChangeResult {
  readonly subject?: string;
  readonly status?: number | null;
  readonly answer?: unknown;
}

export interface Begin {
  readonly saga: { readonly id: string; readonly lease: string; readonly seconds: number };
  readonly data: CheckoutData;
  readonly eventId: string;
  readonly bookingId: string;
  readonly userId: string;
  readonly provider: string;
  readonly method: string;
  /** Seconds the payment may take. */
  readonly seconds: number;
}

/** The calls in which a booking and its money change together; see the functions in `migrations/payments`. */
@Injectable()
export class CheckoutRepository {
  constructor(private readonly database: DatabaseService) {}

  begin(begin: Begin, call: IdempotentCall | undefined, since: number): Promise<StepResult> {
    return this.database.call(
      'checkout.begin',
      'SELECT checkout_begin_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) AS result',
      [
        begin.saga.id,
        begin.saga.lease,
        begin.saga.seconds,
        JSON.stringify(begin.data),
        begin.eventId,
        begin.bookingId,
        begin.userId,
        begin.provider,
        begin.method,
        begin.seconds,
        ...claimOf(call),
        since,
        correlationId(),
      ],
    );
  }

  /** The payment has failed: the booking is held again. */
  returnToHold({ id, lease, data, reason }: CheckoutRun, since: number): Promise<StepResult> {
    return this.database.call(
      'checkout.release',
      'SELECT checkout_release_v1($1, $2, $3, $4, $5) AS result',
      [id, lease, data.ref ?? null, reason, since],
    );
  }

  /** Sells the seats. `hold_expired`: they were lost before the money came; see `restore`. */
  confirm({ id, lease, data }: CheckoutRun, since: number): Promise<StepResult> {
    return this.database.call(
      'checkout.confirm',
      'SELECT checkout_confirm_v1($1, $2, $3, false, NULL, $4) AS result',
      [id, lease, data.ref ?? null, since],
    );
  }

  /** Sells the seats of an expired booking, if they are free, or others like them. @param newItems ids for those; null: none */
  restore(
    { id, lease, data }: CheckoutRun,
    newItems: readonly string[] | null,
    since: number,
  ): Promise<StepResult> {
    return this.database.call(
      'checkout.restore',
      'SELECT checkout_confirm_v1($1, $2, $3, true, $4, $5) AS result',
      [id, lease, data.ref ?? null, newItems, since],
    );
  }

  /** The provider refused to capture: the seats that were sold are free. */
  undo({ id, lease, reason }: CheckoutRun, since: number): Promise<StepResult> {
    return this.database.call('checkout.undo', 'SELECT checkout_undo_v1($1, $2, $3, $4) AS result', [
      id,
      lease,
      reason,
      since,
    ]);
  }
}
