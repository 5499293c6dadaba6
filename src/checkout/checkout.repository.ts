import { Injectable } from '@nestjs/common';
import type { IdempotentCall } from '../common/idempotent-call.js';
import { correlationId } from '../common/request-context.js';
import { Database } from '../database/database.service.js';
import type { ChangeResult } from '../inventory/inventory.service.js';

/** Also `replay`: the key was used before, for `subject`; with `status` and `answer` when it has been answered. */
export interface StepResult extends ChangeResult {
  readonly subject?: string;
  readonly status?: number | null;
  readonly answer?: unknown;
}

export interface Begin {
  readonly eventId: string;
  readonly bookingId: string;
  readonly userId: string;
  readonly paymentId: string;
  readonly provider: string;
  readonly method: string;
  /** Seconds the payment may take. */
  readonly seconds: number;
}

/** The calls in which a booking and its money change together; see the functions in `migrations/payments`. */
@Injectable()
export class CheckoutRepository {
  constructor(private readonly database: Database) {}

  begin(begin: Begin, call: IdempotentCall | undefined, since: number): Promise<StepResult> {
    return this.step(
      'checkout.begin',
      'SELECT checkout_begin_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS result',
      [
        begin.eventId,
        begin.bookingId,
        begin.userId,
        begin.paymentId,
        begin.provider,
        begin.method,
        begin.seconds,
        ...claimOf(call),
        since,
        correlationId(),
      ],
    );
  }

  settle(
    paymentId: string,
    action: 'confirm' | 'decline',
    ref: string | null,
    failure: string | null,
    since: number,
  ): Promise<StepResult> {
    return this.step('checkout.settle', 'SELECT checkout_settle_v1($1, $2, $3, $4, $5, $6) AS result', [
      paymentId,
      action,
      ref,
      failure,
      since,
      correlationId(),
    ]);
  }

  undo(paymentId: string, failure: string, since: number): Promise<StepResult> {
    return this.step('checkout.undo', 'SELECT checkout_undo_v1($1, $2, $3, $4) AS result', [
      paymentId,
      failure,
      since,
      correlationId(),
    ]);
  }

  private async step(name: string, text: string, values: unknown[]): Promise<StepResult> {
    const [row] = await this.database.statement<{ result: StepResult }>(name, text, values);
    return row!.result;
  }
}

const claimOf = (call: IdempotentCall | undefined) =>
  call?.key === undefined ? [null, null, null] : [call.key, call.route, call.fingerprint];
