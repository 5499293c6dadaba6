import { Injectable } from '@nestjs/common';
import type { IdempotentCall } from '../common/idempotent-call.js';
import { correlationId } from '../common/request-context.js';
import { Database } from '../database/database.service.js';
import type { ChangeResult } from '../inventory/inventory.service.js';

export interface Cancellation {
  readonly eventId: string;
  readonly bookingId: string;
  /** Those asked for; undefined for all. */
  readonly items: readonly string[] | undefined;
  /** Minor units offered for every item of the booking. */
  readonly offer: readonly { readonly id: string; readonly amount: number }[];
  readonly cause: 'buyer' | 'organizer';
  readonly refundId: string;
  readonly saga: { readonly id: string; readonly lease: string; readonly seconds: number };
  readonly actor: string;
}

/** `saga`: what was begun; none when nothing was left to cancel. `replay`: the key was used before. */
export interface CancellationResult extends ChangeResult {
  readonly saga?: string;
  readonly status?: number | null;
  readonly answer?: unknown;
}

/** The calls in which a booking and its refund change together; see the functions in `migrations/payments`. */
@Injectable()
export class CancellationRepository {
  constructor(private readonly database: Database) {}

  begin(cancellation: Cancellation, call: IdempotentCall, since: number): Promise<CancellationResult> {
    const { eventId, bookingId, items, offer, cause, refundId, saga, actor } = cancellation;
    return this.call(
      'cancel.begin',
      'SELECT cancel_begin_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) AS result',
      [
        eventId,
        bookingId,
        items ?? null,
        offer.map(({ id }) => id),
        offer.map(({ amount }) => amount),
        cause,
        refundId,
        saga.id,
        saga.lease,
        saga.seconds,
        actor,
        ...call.claim,
        since,
        correlationId(),
      ],
    );
  }

  /** In the saga's step: refused with `EV001` when somebody else leads it. */
  finish(
    saga: { id: string; lease: string },
    refundId: string,
    ref: string | null,
    since: number,
  ): Promise<ChangeResult> {
    return this.call('cancel.finish', 'SELECT cancel_finish_v1($1, $2, $3, $4, $5, $6) AS result', [
      saga.id,
      saga.lease,
      refundId,
      ref,
      since,
      correlationId(),
    ]);
  }

  /** Makes a refused refund one that can be asked for again. */
  async reopen(saga: { id: string; lease: string }, refundId: string): Promise<void> {
    await this.database.statement('refund.reopen', 'SELECT refund_reopen_v1($1, $2, $3)', [
      saga.id,
      saga.lease,
      refundId,
    ]);
  }

  /** Outcomes: `ok` with the saga that goes on, `not_found`, `refund_not_stuck`. */
  settle(refundId: string, how: string, note: string, actor: string): Promise<CancellationResult> {
    return this.call('refund.settle', 'SELECT refund_settle_v1($1, $2, $3, $4, $5) AS result', [
      refundId,
      how,
      note,
      actor,
      correlationId(),
    ]);
  }

  private async call<R>(name: string, text: string, values: unknown[]): Promise<R> {
    const [row] = await this.database.statement<{ result: R }>(name, text, values);
    return row!.result;
  }
}
