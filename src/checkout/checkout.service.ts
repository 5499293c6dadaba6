import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { type BookingRecord, BookingsService } from '../bookings/bookings.service.js';
import { DomainError } from '../common/domain-error.js';
import type { IdempotentCall } from '../common/idempotent-call.js';
import { outcomeError } from '../common/outcome-error.js';
import { Idempotency } from '../database/idempotency.service.js';
import { InventoryService } from '../inventory/inventory.service.js';
import { PaymentsService } from '../payments/payments.service.js';
import { Sagas } from '../saga/sagas.service.js';
import { Authorization } from './authorization.service.js';
import { type Begin, CheckoutRepository, type StepResult } from './checkout.repository.js';
import { checkoutOutcome, PAYING_SECONDS } from './checkout.rules.js';
import type { CheckoutBody, CheckoutInput } from './checkout.schemas.js';

export interface CheckoutAnswer {
  readonly status: 200 | 202;
  readonly body: CheckoutBody;
}

/** A hold is paid for: the request starts the saga, goes along as far as it gets at once, and tells how far that was. */
@Injectable()
export class CheckoutService {
  constructor(
    private readonly bookings: BookingsService,
    private readonly payments: PaymentsService,
    private readonly inventory: InventoryService,
    private readonly sagas: Sagas,
    private readonly authorization: Authorization,
    private readonly steps: CheckoutRepository,
    private readonly idempotency: Idempotency,
  ) {}

  /**
   * Pays a hold of the caller's. 200: confirmed; 202: the payment takes longer, or needs the buyer (`nextAction`).
   * Errors: `payment_declined` with `reason` (the hold lives on, for three tries in all), `too_many_tries`,
   * `hold_expired` (nothing was taken), `not_held`, `payment_under_way`, `payment_required`, `payment_method_unsupported`,
   * `payments_unavailable`, `event_ended`, `not_found`.
   */
  async checkout(
    user: Principal,
    bookingId: string,
    { payment, substitutes }: CheckoutInput,
    call: IdempotentCall,
  ): Promise<CheckoutAnswer> {
    const booking = await this.bookings.findOwn(user, bookingId);
    const free = booking.total === 0;
    const means = free ? undefined : payment;
    if (!free && !means) throw new DomainError('payment_required');
    if (means) this.payments.assertReady(means.method);
    const saga = this.sagas.newLease();
    const data = { free, substitutes };
    const begun = await this.begin(booking, { saga, data }, means?.method ?? 'none', call);
    if (begun.outcome === 'replay') return this.replay(user, bookingId, begun, call);
    const begunSaga = {
      ...saga,
      kind: 'checkout',
      step: 1,
      subjectId: bookingId,
      eventId: booking.eventId,
      data,
      actor: user.id,
    };
    await this.authorization.withMeans(saga.id, means, () => this.sagas.follow(begunSaga));
    return this.answer(user, bookingId, call);
  }

  private async begin(
    { eventId, id: bookingId, userId }: BookingRecord,
    start: Pick<Begin, 'saga' | 'data'>,
    method: string,
    call: IdempotentCall,
  ): Promise<StepResult> {
    const provider = this.payments.providerName;
    const begin = { ...start, eventId, bookingId, userId, provider, method, seconds: PAYING_SECONDS };
    const attempt = () => this.inventory.follow(eventId, (since) => this.steps.begin(begin, call, since));
    let begun = await attempt();
    if (begun.outcome === 'not_held' && (await this.giveUp(bookingId))) begun = await attempt();
    if (begun.outcome === 'ok' || begun.outcome === 'replay') return begun;
    if (begun.outcome === 'not_held' && (await this.bookings.record(bookingId)).status === 'paying')
      throw new DomainError('payment_under_way', { detail: 'Read the booking to see what becomes of it.' });
    throw outcomeError(begun.outcome);
  }

  /** Who begins anew has given up the second step of the payment before. @returns whether there was one */
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
    call: IdempotentCall,
  ): Promise<CheckoutAnswer> {
    const answer = begun.status
      ? { status: 200 as const, body: begun.answer as CheckoutBody }
      : await this.answer(user, bookingId, call);
    call.replayed(answer.status);
    return answer;
  }

  private async answer(user: Principal, bookingId: string, call: IdempotentCall): Promise<CheckoutAnswer> {
    const booking = await this.bookings.find(user, bookingId);
    const body = await this.bookings.print(booking);
    const payment = booking.status === 'confirmed' ? undefined : await this.payments.latest(bookingId);
    const outcome = checkoutOutcome(booking.status, payment?.status);
    if (outcome === 'confirmed') {
      await this.idempotency.remember(call, 200, body);
      return { status: 200, body };
    }
    if (outcome === 'paying')
      return { status: 202, body: payment?.nextAction ? { ...body, nextAction: payment.nextAction } : body };
    if (outcome === 'hold_expired') throw new DomainError('hold_expired', { detail: 'Nothing was charged.' });
    throw new DomainError('payment_declined', { extra: { reason: payment?.failure, booking: body } });
  }
}
