import { Injectable } from '@nestjs/common';
import type { ChangeResult } from '../../inventory/changes/inventory.service.js';
import { claimOf, type IdempotentCall } from '../../platform/common/idempotent-call.js';
import { correlationId } from '../../platform/common/request-context.js';
import { DatabaseService } from '../../platform/database/database.service.js';

export interface Cancellation {
  readonly eventId: string;
  readonly bookingId: string;
  /** Ids of the items asked for; undefined for all. */
  readonly items: readonly string[] | undefined;
  /** Minor units offered for every item of the booking. */
  readonly offer: readonly { readonly id: string; readonly amount: number }[];
  readonly cause: 'buyer' | 'organizer';
  readonly refundId: string;
  readonly saga: { readonly id: string; readonly lease: string; readonly seconds: number };
  readonly actor: string;
}

/** `saga`: the saga that was begun; none when nothing was left to cancel. `replay`: the key was used before. */
export interface CancellationResult extends ChangeResult {
  readonly saga?: string;
  readonly status?: number | null;
  readonly answer?: unknown;
}

/** The calls in which a booking and its refund change together; see the functions in `migrations/payments`. */
@Injectable()
export class CancellationRepository {
  constructor(private readonly database: DatabaseService) {}

  begin(
    cancellation: Cancellation,
    call: IdempotentCall | undefined,
    since: number,
  ): Promise<CancellationResult> {
    const { eventId, bookingId, items, offer, cause, refundId, saga, actor } = cancellation;
    return this.database.call(
      'cancel.begin',
      'SELECT cancel_begin_v2($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) AS result',
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
        ...claimOf(call),
        since,
        correlationId(),
      ],
    );
  }

  /** Called in a step of the saga: refused with `EV001` when another replica leads the saga. */
  finish(
    saga: { id: string; lease: string },
    refundId: string,
    ref: string | null,
    since: number,
  ): Promise<ChangeResult> {
    return this.database.call('cancel.finish', 'SELECT cancel_finish_v1($1, $2, $3, $4, $5, $6) AS result', [
      saga.id,
      saga.lease,
      refundId,
      ref,
      since,
      correlationId(),
    ]);
  }

  /** Reopens a refused refund, so that it can be requested again. */
  async reopen(saga: { id: string; lease: string }, refundId: string): Promise<void> {
    await this.database.statement('refund.reopen', 'SELECT refund_reopen_v1($1, $2, $3)', [
      saga.id,
      saga.lease,
      refundId,
    ]);
  }

  /** Outcomes: `ok` with the saga that goes on, `not_found`, `refund_not_stuck`. */
  settle(refundId: string, how: string, note: string, actor: string): Promise<CancellationResult> {
    return this.database.call('refund.settle', 'SELECT refund_settle_v1($1, $2, $3, $4, $5) AS result', [
      refundId,
      how,
      note,
      actor,
      correlationId(),
    ]);
  }
}
