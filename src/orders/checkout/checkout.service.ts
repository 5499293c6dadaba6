import { Injectable } from '@nestjs/common';
import type { BookingBody } from '../../bookings/bookings.schemas.js';
import { type BookingRecord, BookingsService } from '../../bookings/bookings.service.js';
import { EventsService, refuseIfCancelled } from '../../events/events.service.js';
import { InventoryService } from '../../inventory/changes/inventory.service.js';
import { PaymentsService } from '../../payments/payments/payments.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { CallResult } from '../../platform/common/call-result.js';
import { DomainError } from '../../platform/common/domain-error.js';
import type { IdempotentCall } from '../../platform/common/idempotent-call.js';
import { outcomeError } from '../../platform/common/outcome-error.js';
import { IdempotencyService } from '../../platform/database/idempotency.service.js';
import { SagasService } from '../../platform/saga/sagas.service.js';
import { CHECKOUT } from '../order-sagas.js';
import { type Begin, CheckoutRepository, type StepResult } from './checkout.repository.js';
import { checkoutOutcome, PAYING_SECONDS } from './checkout.rules.js';
import type { CheckoutInput } from './checkout.schemas.js';
import { CheckoutLockService, paymentUnderWay } from './checkout-lock.service.js';
import { PaymentAuthorizationService } from './payment-authorization.service.js';

/** Pays for a hold: starts the saga, runs it as far as it gets at once, and answers with the state it reached. */
@Injectable()
export class CheckoutService {
  constructor(
    private readonly bookings: BookingsService,
    private readonly events: EventsService,
    private readonly payments: PaymentsService,
    private readonly inventory: InventoryService,
    private readonly sagas: SagasService,
    private readonly authorization: PaymentAuthorizationService,
    private readonly steps: CheckoutRepository,
    private readonly idempotency: IdempotencyService,
    private readonly lock: CheckoutLockService,
  ) {}

  /**
   * Pays a hold of the caller's. Under way: the payment takes longer, or needs the buyer (`nextAction`).
   * Errors: `payment_declined` with `reason` (the hold lives on, for three tries in all), `too_many_tries`,
   * `payment_not_collected` (the bank took back its word: nothing was taken, the seats are free), `event_cancelled`,
   * `hold_expired` (nothing was taken), `not_held`, `payment_under_way`, `payment_required`,
   * `payment_method_unsupported`, `payments_unavailable`, `event_ended`, `not_found`.
   */
  async checkout(
    user: Principal,
    bookingId: string,
    { payment, substitutes }: CheckoutInput,
    call: IdempotentCall | undefined,
  ): Promise<CallResult<BookingBody>> {
    await this.lock.assertFree(user, bookingId, call);
    const booking = await this.bookings.findOwn(user, bookingId);
    const free = booking.total === 0;
    const paymentMethod = free ? undefined : payment;
    if (!free && !paymentMethod) throw new DomainError('payment_required');
    const sandbox = await this.events.isSandbox(booking.eventId);
    const provider = this.payments.takerFor(sandbox, paymentMethod?.method);
    const saga = this.sagas.newLease();
    const data = { free, substitutes };
    const method = paymentMethod?.method ?? 'none';
    const begun = await this.begin(booking, { saga, data, provider, method }, call);
    if (begun.outcome === 'replay') return this.replay(user, bookingId, begun, call);
    if (begun.outcome === 'paid_before') return this.answer(user, bookingId, call);
    const begunSaga = {
      ...saga,
      kind: CHECKOUT.kind,
      step: CHECKOUT.steps.indexOf('authorize'),
      subjectId: bookingId,
      eventId: booking.eventId,
      data,
      actor: user.id,
    };
    await this.lock.during(user, bookingId, call, () =>
      this.authorization.withPaymentMethod(saga.id, paymentMethod, () => this.sagas.follow(begunSaga)),
    );
    return this.answer(user, bookingId, call);
  }

  private async begin(
    { eventId, id: bookingId, userId }: BookingRecord,
    start: Pick<Begin, 'saga' | 'data' | 'provider' | 'method'>,
    call: IdempotentCall | undefined,
  ): Promise<StepResult> {
    const begin = { ...start, eventId, bookingId, userId, seconds: PAYING_SECONDS };
    const attempt = () =>
      this.inventory.commitChange(eventId, (since) => this.steps.begin(begin, call, since));
    let begun = await attempt();
    const gaveUp = begun.outcome === 'not_held' && (await this.giveUp(bookingId));
    if (gaveUp) begun = await attempt();
    if (begun.outcome === 'ok' || begun.outcome === 'replay') return begun;
    if (begun.outcome === 'not_held') {
      const { status } = await this.bookings.record(bookingId);
      // The bank agreed while the buyer gave up: the seats are paid, and no other card is asked.
      if (gaveUp && status === 'confirmed') return { ...begun, outcome: 'paid_before' };
      if (status === 'paying') throw paymentUnderWay();
    }
    return this.events.refuse(eventId, outcomeError(begun.outcome));
  }

  /** Gives up the second step of an earlier payment when the buyer begins anew. @returns whether there was one */
  private async giveUp(bookingId: string): Promise<boolean> {
    const payment = await this.payments.latest(bookingId);
    if (payment?.status !== 'requires_action') return false;
    await this.sagas.resume(payment.id, { givenUp: true });
    return true;
  }

  private async replay(
    user: Principal,
    bookingId: string,
    begun: StepResult,
    call: IdempotentCall | undefined,
  ): Promise<CallResult<BookingBody>> {
    const answer = begun.status
      ? new CallResult(begun.answer as BookingBody)
      : await this.answer(user, bookingId, call);
    return answer.asReplay();
  }

  private async answer(
    user: Principal,
    bookingId: string,
    call: IdempotentCall | undefined,
  ): Promise<CallResult<BookingBody>> {
    const booking = await this.bookings.find(user, bookingId);
    const body = await this.bookings.toBody(booking, user.locale);
    const payment = booking.status === 'confirmed' ? undefined : await this.payments.latest(bookingId);
    const event = await this.events.find(booking.eventId);
    const outcome = checkoutOutcome(booking.status, payment?.status, event.status);
    if (outcome === 'confirmed') {
      await this.idempotency.remember(call, body);
      return new CallResult(body);
    }
    if (outcome === 'paying') {
      const shown = payment?.nextAction ? { ...body, nextAction: payment.nextAction } : body;
      return new CallResult(shown, { underWay: true });
    }
    refuseIfCancelled(event);
    if (outcome === 'hold_expired') throw new DomainError('hold_expired', { detail: 'Nothing was charged.' });
    throw new DomainError(outcome === 'payment_not_collected' ? outcome : 'payment_declined', {
      extra: { reason: payment?.failure, booking: body },
    });
  }
}
