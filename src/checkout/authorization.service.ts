import { Inject, Injectable } from '@nestjs/common';
import { BookingsService } from '../bookings/bookings.service.js';
import { CONFIG, type Config } from '../config/config.js';
import { EventsService } from '../events/events.service.js';
import {
  type Charge,
  type Means,
  type PaymentRecord,
  PaymentsService,
} from '../payments/payments.service.js';
import { again, done, refused, type StepOutcome, stuck, untilKnown, wait } from '../saga/saga.js';
import type { CheckoutData, CheckoutRun } from './checkout.data.js';

type Outcome = StepOutcome<CheckoutData>;

/**
 * The step in which the money is set aside. Nothing of a card is ever stored: the request that brings it asks the provider
 * once; whoever resumes the step looks up what came of that.
 */
@Injectable()
export class Authorization {
  /** By checkout, while its request lasts. */
  private readonly means = new Map<string, Means>();

  constructor(
    private readonly payments: PaymentsService,
    private readonly bookings: BookingsService,
    private readonly events: EventsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Does the work, in which the step of this checkout may use these means. */
  async withMeans<T>(checkoutId: string, means: Means | undefined, work: () => Promise<T>): Promise<T> {
    if (means) this.means.set(checkoutId, means);
    try {
      return await work();
    } finally {
      this.means.delete(checkoutId);
    }
  }

  async run(checkout: CheckoutRun): Promise<Outcome> {
    if (checkout.data.free) return done();
    const payment = (await this.payments.find(checkout.id))!;
    const means = this.means.get(checkout.id);
    // Whoever paused for so long that another replica went on must not charge what that one has given up.
    const mayAsk = means && checkout.attempt === 1 && payment.status === 'created';
    const charge = mayAsk
      ? await this.payments.authorize(payment, means)
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

  /** A request that nobody waits for any more may still arrive. One that comes even later is given back as a stray charge. */
  private missing({ createdAt }: PaymentRecord): Outcome {
    const age = Date.now() - createdAt.getTime();
    return age < 2 * this.config.paymentTimeoutMs ? again('not_there_yet') : refused('no_answer');
  }

  /** Waits for the buyer up to the deadline of the payment, and then ends the charge, so that no money comes for nothing. */
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
    const back = await this.payments.giveBack(payment);
    if (back.outcome === 'unknown') return untilKnown(checkout.attempt, 'no_answer');
    return back.outcome === 'done' ? refused(reason, { ref: charge.ref }) : stuck(back.reason);
  }
}
