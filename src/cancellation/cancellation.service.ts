import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import type { BookingBody } from '../bookings/bookings.schemas.js';
import { BookingsService } from '../bookings/bookings.service.js';
import type { IdempotentCall } from '../common/idempotent-call.js';
import { newId } from '../common/ids.js';
import { outcomeError } from '../common/outcome-error.js';
import { Idempotency } from '../database/idempotency.service.js';
import { InventoryService } from '../inventory/inventory.service.js';
import { Sagas } from '../saga/sagas.service.js';
import { CancellationRepository, type CancellationResult } from './cancellation.repository.js';
import type { CancelInput } from './cancellation.schemas.js';
import { RefundQuotes } from './refund-quotes.service.js';

export interface CancelAnswer {
  readonly status: 200 | 202;
  readonly body: BookingBody;
}

/** Gives tickets back: the money first, then the seats are free. A refused refund keeps them for the operators. */
@Injectable()
export class CancellationService {
  constructor(
    private readonly bookings: BookingsService,
    private readonly quotes: RefundQuotes,
    private readonly inventory: InventoryService,
    private readonly cancellations: CancellationRepository,
    private readonly sagas: Sagas,
    private readonly idempotency: Idempotency,
  ) {}

  /**
   * Cancels a booking or some of its items, before the event starts, for what `RefundQuotes.offer` says. What was
   * cancelled before stays so. 200: done; 202: some items still wait for their refund.
   * Errors: `not_confirmed`, `items_not_confirmed`, `ticket_in_use`, and those of the offer.
   */
  async cancel(
    user: Principal,
    bookingId: string,
    { items }: CancelInput,
    call: IdempotentCall,
  ): Promise<CancelAnswer> {
    const { booking, offer } = await this.quotes.offer(user, bookingId, items);
    const { eventId } = booking;
    const [saga, refundId] = [this.sagas.newLease(), newId()];
    const cause = user.id === booking.userId ? 'buyer' : 'organizer';
    const asked = {
      eventId,
      bookingId,
      items,
      offer,
      cause,
      refundId,
      saga,
      actor: user.id,
    } as const;
    const begun = await this.inventory.follow(eventId, (since) =>
      this.cancellations.begin(asked, call, since),
    );
    if (begun.outcome === 'replay') return this.replay(user, bookingId, begun, call);
    if (begun.outcome !== 'ok') throw outcomeError(begun.outcome);
    if (begun.saga)
      await this.sagas.follow({
        ...saga,
        kind: 'cancellation',
        step: 0,
        subjectId: bookingId,
        eventId,
        data: { refundId },
        actor: user.id,
      });
    return this.answer(user, bookingId, call);
  }

  private async replay(
    user: Principal,
    bookingId: string,
    { status, answer }: CancellationResult,
    call: IdempotentCall,
  ): Promise<CancelAnswer> {
    const given = status
      ? { status: 200 as const, body: answer as BookingBody }
      : await this.answer(user, bookingId, call);
    call.replayed(given.status);
    return given;
  }

  private async answer(user: Principal, bookingId: string, call: IdempotentCall): Promise<CancelAnswer> {
    const body = await this.bookings.read(user, bookingId);
    if (body.items.some(({ status }) => status === 'cancelling')) return { status: 202, body };
    await this.idempotency.remember(call, 200, body);
    return { status: 200, body };
  }
}
