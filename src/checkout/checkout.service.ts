import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { type BookingRecord, BookingsService } from '../bookings/bookings.service.js';
import { DomainError } from '../common/domain-error.js';
import type { IdempotentCall } from '../common/idempotent-call.js';
import { newId } from '../common/ids.js';
import { Idempotency } from '../database/idempotency.service.js';
import { InventoryService } from '../inventory/inventory.service.js';
import {
  type Charge,
  type PaymentRecord,
  PaymentsService,
  type Unknown,
} from '../payments/payments.service.js';
import { CheckoutRepository, type StepResult } from './checkout.repository.js';
import { checkoutOutcome, PAYING_SECONDS } from './checkout.rules.js';
import type { CheckoutBody, CheckoutInput } from './checkout.schemas.js';
import { outcomeError } from './outcome-error.js';

export interface CheckoutAnswer {
  readonly status: 200 | 202;
  readonly body: CheckoutBody;
}

/**
 * From a hold to a booking that is paid for: held → paying → authorize → confirm the seats → capture. Every step may be
 * repeated, and what the next one is can be seen from booking, payment and provider, so that whoever finds a payment
 * unfinished can finish it.
 */
@Injectable()
export class CheckoutService implements OnModuleInit {
  constructor(
    private readonly bookings: BookingsService,
    private readonly payments: PaymentsService,
    private readonly inventory: InventoryService,
    private readonly steps: CheckoutRepository,
    private readonly idempotency: Idempotency,
  ) {}

  onModuleInit(): void {
    this.payments.onNews((payment) => this.advance(payment));
  }

  /**
   * Pays a hold of the caller's. 200: confirmed; 202: the payment takes longer, or needs the buyer (`nextAction`).
   * Errors: `payment_declined` with `reason` (the hold lives on, for three tries in all), `too_many_tries`,
   * `hold_expired` (nothing was taken), `not_held`, `payment_under_way`, `payment_required`, `event_ended`, `not_found`.
   */
  async checkout(
    user: Principal,
    bookingId: string,
    { payment }: CheckoutInput,
    call: IdempotentCall,
  ): Promise<CheckoutAnswer> {
    const booking = await this.bookings.findOwn(user, bookingId);
    if (booking.total > 0 && !payment) throw new DomainError('payment_required');
    if (payment && booking.total > 0) this.payments.assertReady(payment.method);
    const paymentId = newId();
    const begun = await this.begin(booking, paymentId, payment?.method ?? 'none', call);
    if (begun.outcome === 'replay') return this.replay(user, bookingId, begun, call);
    if (payment && booking.total > 0) {
      const opened = (await this.payments.find(paymentId))!;
      await this.settle(opened, await this.payments.authorize(opened, payment));
    }
    return this.answer(user, bookingId, call);
  }

  /** Takes an unfinished payment as far as it goes now: asks the provider what became of it, and does what follows. */
  async advance(payment: PaymentRecord): Promise<void> {
    if (payment.status === 'authorized') return this.capture(payment);
    if (payment.status === 'voiding') return this.payments.void(payment);
    if (payment.status !== 'created' && payment.status !== 'unknown' && payment.status !== 'requires_action')
      return;
    const charge = await this.payments.lookUp(payment);
    if (charge) await this.settle(payment, charge);
    // The request never arrived, or will be given back as a stray if it does after all.
    else await this.decline(payment, null, 'no_answer');
  }

  private async begin(
    { eventId, id: bookingId, userId }: BookingRecord,
    paymentId: string,
    method: string,
    call: IdempotentCall,
  ): Promise<StepResult> {
    const provider = this.payments.providerName;
    const seconds = PAYING_SECONDS;
    const begun = await this.inventory.follow(eventId, (since) =>
      this.steps.begin({ eventId, bookingId, userId, paymentId, provider, method, seconds }, call, since),
    );
    if (begun.outcome === 'ok' || begun.outcome === 'replay') return begun;
    if (begun.outcome === 'not_held' && (await this.bookings.status(bookingId)) === 'paying')
      throw new DomainError('payment_under_way', { detail: 'Read the booking to see what becomes of it.' });
    throw outcomeError(begun.outcome);
  }

  private async settle(payment: PaymentRecord, charge: Charge | Unknown): Promise<void> {
    if (!('state' in charge)) return this.payments.note(payment, charge);
    if (charge.state === 'declined') return this.decline(payment, charge.ref, charge.reason);
    if (charge.state === 'voided') return this.decline(payment, charge.ref, 'voided');
    if (charge.state !== 'requires_action') return this.confirm(payment, charge.ref);
    if ((await this.bookings.status(payment.bookingId)) === 'paying')
      return this.payments.note(payment, charge);
    return this.decline(payment, charge.ref, 'too_late');
  }

  /** The seats first, then the money: only what is sold is paid for. */
  private async confirm(payment: PaymentRecord, ref: string): Promise<void> {
    await this.inventory.follow(payment.eventId, (since) =>
      this.steps.settle(payment.id, 'confirm', ref, null, since),
    );
    await this.advance((await this.payments.find(payment.id))!);
  }

  private async decline(payment: PaymentRecord, ref: string | null, reason: string): Promise<void> {
    await this.inventory.follow(payment.eventId, (since) =>
      this.steps.settle(payment.id, 'decline', ref, reason, since),
    );
  }

  private async capture(payment: PaymentRecord): Promise<void> {
    const result = await this.payments.capture(payment);
    if (result.outcome === 'refused')
      await this.inventory.follow(payment.eventId, (since) =>
        this.steps.undo(payment.id, result.reason, since),
      );
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
    const payment = await this.payments.latest(bookingId);
    const booking = await this.bookings.find(user, bookingId);
    const body = await this.bookings.print(booking);
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
