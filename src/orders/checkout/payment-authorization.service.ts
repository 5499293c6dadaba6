import { Inject, Injectable } from '@nestjs/common';
import { BookingsService } from '../../bookings/bookings.service.js';
import { EventsService } from '../../events/events.service.js';
import {
  type Charge,
  type ChosenPaymentMethod,
  type PaymentRecord,
  PaymentsService,
} from '../../payments/payments/payments.service.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { again, done, refused, type StepOutcome, stuck, untilKnown, wait } from '../../platform/saga/saga.js';
import type { CheckoutData, CheckoutRun } from './checkout.data.js';

type Outcome = StepOutcome<CheckoutData>;

/**
 * The step that authorizes the money. Card data is never stored: the request that brings it asks the provider once; a
 * replica that resumes the step looks up the outcome.
 */
@Injectable()
export class PaymentAuthorizationService {
  /** Payment methods by checkout id, kept while the request lasts. */
  private readonly paymentMethods = new Map<string, ChosenPaymentMethod>();

  constructor(
    private readonly payments: PaymentsService,
    private readonly bookings: BookingsService,
    private readonly events: EventsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Runs `work`; meanwhile the step of this checkout may use this payment method. */
  async withPaymentMethod<T>(
    checkoutId: string,
    paymentMethod: ChosenPaymentMethod | undefined,
    work: () => Promise<T>,
  ): Promise<T> {
    if (paymentMethod) this.paymentMethods.set(checkoutId, paymentMethod);
    try {
      return await work();
    } finally {
      this.paymentMethods.delete(checkoutId);
    }
  }

  async run(checkout: CheckoutRun): Promise<Outcome> {
    if (checkout.data.free) return done();
    const payment = (await this.payments.find(checkout.id))!;
    const chosen = this.paymentMethods.get(checkout.id);
    // A replica that paused so long that another took over must not charge a payment the other may have given up.
    const mayAsk = chosen && checkout.attempt === 1 && payment.status === 'created';
    const charge = mayAsk
      ? await this.payments.authorize(payment, chosen)
      : await this.payments.lookUp(payment);
    if (!charge) return this.missing(payment);
    if (!('state' in charge)) {
      await this.payments.note(payment, charge);
      return untilKnown(checkout.attempt, 'no_answer');
    }
    const { ref } = charge;
    switch (charge.state) {
      case 'declined':
        return refused(charge.reason, { ref });
      case 'voided':
        return refused('voided', { ref });
      case 'requires_action':
        return this.secondStep(checkout, payment, charge);
      default:
        return done({ ref });
    }
  }

  /**
   * Waits, since a request to the provider may still arrive after the caller has given up. A charge that arrives even
   * later is refunded as a stray charge.
   */
  private missing({ createdAt }: PaymentRecord): Outcome {
    const age = Date.now() - createdAt.getTime();
    return age < 2 * this.config.payments.timeoutMs ? again('not_there_yet') : refused('no_answer');
  }

  /**
   * Waits for the buyer up to the deadline of the payment, and then ends the charge, so that no money comes for
   * nothing.
   */
  private async secondStep(checkout: CheckoutRun, payment: PaymentRecord, charge: Charge): Promise<Outcome> {
    await this.payments.note(payment, charge);
    const booking = await this.bookings.record(payment.bookingId);
    const event = await this.events.find(payment.eventId);
    const reason =
      (checkout.data.givenUp && 'given_up') ||
      (event.status !== 'published' && 'event_ended') ||
      (booking.status !== 'paying' && 'too_late');
    if (!reason) {
      const left = (booking.expiresAt.getTime() - Date.now()) / 1_000;
      return wait(Math.max(left, 1), 'second_step');
    }
    const back = await this.payments.voidOrRefund(payment);
    if (back.outcome === 'unknown') return untilKnown(checkout.attempt, 'no_answer');
    return back.outcome === 'done' ? refused(reason, { ref: charge.ref }) : stuck(back.reason);
  }
}
