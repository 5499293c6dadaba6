import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import type { BookingBody } from '../bookings/bookings.schemas.js';
import { BookingsService } from '../bookings/bookings.service.js';
import { DomainError } from '../common/domain-error.js';
import type { IdempotentCall } from '../common/idempotent-call.js';
import { newId } from '../common/ids.js';
import { Idempotency } from '../database/idempotency.service.js';
import { EventsService } from '../events/events.service.js';
import { InventoryService } from '../inventory/inventory.service.js';
import { type PaymentRecord, PaymentsService, type RefundRecord } from '../payments/payments.service.js';
import { Sagas } from '../saga/sagas.service.js';
import { CheckoutRepository } from './checkout.repository.js';
import type { CancelInput } from './checkout.schemas.js';
import { outcomeError } from './outcome-error.js';

export interface CancelAnswer {
  readonly status: 200 | 202;
  readonly body: BookingBody;
}

/** Gives tickets back: the money first, then the seats are free. A refused refund keeps them for the operators. */
@Injectable()
export class CancellationService {
  constructor(
    private readonly bookings: BookingsService,
    private readonly events: EventsService,
    private readonly payments: PaymentsService,
    private readonly inventory: InventoryService,
    private readonly sagas: Sagas,
    private readonly steps: CheckoutRepository,
    private readonly idempotency: Idempotency,
  ) {}

  /**
   * Cancels a booking or some of its items, before the event starts. What was cancelled before stays so.
   * 200: done; 202: some items still wait for their refund.
   * Errors: `not_found`, `event_started`, `not_confirmed`, `items_not_confirmed`.
   */
  async cancel(
    user: Principal,
    bookingId: string,
    { items }: CancelInput,
    call: IdempotentCall,
  ): Promise<CancelAnswer> {
    const { eventId } = await this.bookings.find(user, bookingId);
    const { startsAt } = await this.events.find(eventId);
    if (startsAt <= new Date()) throw new DomainError('event_started');
    const begun = await this.inventory.follow(eventId, (since) =>
      this.steps.beginCancellation({ eventId, bookingId }, items, newId(), user.id, call, since),
    );
    if (begun.outcome === 'replay') return this.replay(user, bookingId, begun.status, begun.answer, call);
    if (begun.outcome !== 'ok') throw outcomeError(begun.outcome);
    if (begun.refund) await this.advance((await this.payments.findRefund(begun.refund))!);
    return this.answer(user, bookingId, call);
  }

  /** Takes an unfinished refund as far as it goes now. Asking the provider twice under one key does it once. */
  async advance(refund: RefundRecord): Promise<void> {
    if (refund.paymentId === null || refund.amount === 0) return this.finish(refund, null);
    const payment = await this.captured(refund.paymentId);
    if (!payment) return this.payments.postpone(refund);
    const result = await this.payments.refund(refund, payment);
    if (result.outcome === 'done') await this.finish(refund, result.ref);
  }

  /** What is not captured yet cannot be given back; where capturing is refused, that settles the refund as well. */
  private async captured(paymentId: string): Promise<PaymentRecord | undefined> {
    const payment = (await this.payments.find(paymentId))!;
    if (payment.status !== 'authorized') return payment;
    await this.sagas.resume(payment.id);
    const now = (await this.payments.find(paymentId))!;
    return now.status === 'captured' ? now : undefined;
  }

  private async finish({ id, eventId }: RefundRecord, ref: string | null): Promise<void> {
    await this.inventory.follow(eventId, (since) => this.steps.finishCancellation(id, ref, since));
  }

  private async replay(
    user: Principal,
    bookingId: string,
    status: number | null | undefined,
    answer: unknown,
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
