import { Injectable } from '@nestjs/common';
import type { BookingBody } from '../../bookings/bookings.schemas.js';
import { BookingsService } from '../../bookings/bookings.service.js';
import { InventoryService } from '../../inventory/changes/inventory.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { CallResult } from '../../platform/common/call-result.js';
import type { IdempotentCall } from '../../platform/common/idempotent-call.js';
import { newId } from '../../platform/common/ids.js';
import { outcomeError } from '../../platform/common/outcome-error.js';
import { IdempotencyService } from '../../platform/database/idempotency.service.js';
import { SagasService } from '../../platform/saga/sagas.service.js';
import { CANCELLATION } from '../order-sagas.js';
import { CancellationRepository, type CancellationResult } from './cancellation.repository.js';
import type { CancelInput } from './cancellation.schemas.js';
import { RefundQuotesService } from './refund-quotes.service.js';

/** Cancels bookings: refunds the money first, then frees the seats. A refused refund keeps the seats for operators. */
@Injectable()
export class CancellationService {
  constructor(
    private readonly bookings: BookingsService,
    private readonly quotes: RefundQuotesService,
    private readonly inventory: InventoryService,
    private readonly cancellations: CancellationRepository,
    private readonly sagas: SagasService,
    private readonly idempotency: IdempotencyService,
  ) {}

  /**
   * Cancels a booking or some of its items, before the event starts, and refunds what `RefundQuotes.offer` says. Items
   * cancelled before stay cancelled. Under way: some items still wait for their refund.
   * Errors: `not_confirmed`, `items_not_confirmed`, `ticket_in_use`, and those of the offer.
   */
  async cancel(
    user: Principal,
    bookingId: string,
    { items }: CancelInput,
    call: IdempotentCall | undefined,
  ): Promise<CallResult<BookingBody>> {
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
    const begun = await this.inventory.commitChange(eventId, (since) =>
      this.cancellations.begin(asked, call, since),
    );
    if (begun.outcome === 'replay') return this.replay(user, bookingId, begun, call);
    if (begun.outcome !== 'ok') throw outcomeError(begun.outcome);
    if (begun.saga)
      await this.sagas.follow({
        ...saga,
        kind: CANCELLATION.kind,
        step: CANCELLATION.steps.indexOf('refund'),
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
    call: IdempotentCall | undefined,
  ): Promise<CallResult<BookingBody>> {
    const given = status ? new CallResult(answer as BookingBody) : await this.answer(user, bookingId, call);
    return given.asReplay();
  }

  private async answer(
    user: Principal,
    bookingId: string,
    call: IdempotentCall | undefined,
  ): Promise<CallResult<BookingBody>> {
    const body = await this.bookings.read(user, bookingId, 'refunds');
    const underWay = body.items.some(({ status }) => status === 'cancelling');
    if (!underWay) await this.idempotency.remember(call, body);
    return new CallResult(body, { underWay });
  }
}
