import { Injectable, type OnModuleInit } from '@nestjs/common';
import { BookingsService } from '../../bookings/bookings.service.js';
import { InventoryService } from '../../inventory/changes/inventory.service.js';
import { PaymentsService } from '../../payments/payments/payments.service.js';
import { newId } from '../../platform/common/ids.js';
import { done, refused, type StepOutcome, stuck, untilKnown } from '../../platform/saga/saga.js';
import { SagasService } from '../../platform/saga/sagas.service.js';
import { TicketsService } from '../../tickets/tickets.service.js';
import { CHECKOUT } from '../order-sagas.js';
import type { CheckoutData, CheckoutRun } from './checkout.data.js';
import { CheckoutRepository, type StepResult } from './checkout.repository.js';
import { PaymentAuthorizationService } from './payment-authorization.service.js';

type Outcome = StepOutcome<CheckoutData>;

/**
 * Saga from a hold to tickets: authorizes the money, then sells the seats, then captures the money. So after every step
 * the seats and the money can still be brought together, or both be given back.
 */
@Injectable()
export class CheckoutSaga implements OnModuleInit {
  constructor(
    private readonly sagas: SagasService,
    private readonly authorization: PaymentAuthorizationService,
    private readonly payments: PaymentsService,
    private readonly bookings: BookingsService,
    private readonly inventory: InventoryService,
    private readonly tickets: TicketsService,
    private readonly steps: CheckoutRepository,
  ) {}

  onModuleInit(): void {
    this.sagas.define(CHECKOUT, {
      // Done in the call that starts the saga.
      reserve: { run: async () => done(), undo: (checkout: CheckoutRun) => this.returnToHold(checkout) },
      authorize: {
        run: (checkout: CheckoutRun) => this.authorization.run(checkout),
        undo: (checkout: CheckoutRun) => this.voidOrRefund(checkout),
      },
      confirm: {
        run: (checkout: CheckoutRun) => this.confirm(checkout),
        undo: (checkout: CheckoutRun) => this.undo(checkout),
      },
      capture: { run: (checkout: CheckoutRun) => this.capture(checkout) },
      tickets: { run: (checkout: CheckoutRun) => this.issue(checkout) },
    });
    this.payments.onNews(async ({ id }) => {
      await this.sagas.resume(id);
    });
  }

  private async returnToHold(checkout: CheckoutRun): Promise<Outcome> {
    await this.commitChange(checkout, (since) => this.steps.returnToHold(checkout, since));
    return done();
  }

  private async voidOrRefund({ id, data, attempt }: CheckoutRun): Promise<Outcome> {
    if (data.free) return done();
    const result = await this.payments.voidOrRefund((await this.payments.find(id))!);
    if (result.outcome === 'unknown') return untilKnown(attempt, 'no_answer');
    return result.outcome === 'done' ? done() : stuck(result.reason);
  }

  private async confirm(checkout: CheckoutRun): Promise<Outcome> {
    let { outcome } = await this.commitChange(checkout, (since) => this.steps.confirm(checkout, since));
    if (outcome === 'hold_expired') outcome = await this.restore(checkout);
    return outcome === 'ok' ? done() : refused(outcome);
  }

  private async restore(checkout: CheckoutRun): Promise<string> {
    const newItems = checkout.data.substitutes ? await this.itemIds(checkout) : null;
    const { outcome } = await this.commitChange(checkout, (since) =>
      this.steps.restore(checkout, newItems, since),
    );
    return outcome;
  }

  /** Ids for substitute items, one for each item of the booking: each may need another seat. */
  private async itemIds({ subjectId }: CheckoutRun): Promise<string[]> {
    const { items } = await this.bookings.record(subjectId);
    return items.map(() => newId());
  }

  private async undo(checkout: CheckoutRun): Promise<Outcome> {
    await this.commitChange(checkout, (since) => this.steps.undo(checkout, since));
    return done();
  }

  private async capture({ id, data, attempt }: CheckoutRun): Promise<Outcome> {
    if (data.free) return done();
    const result = await this.payments.capture((await this.payments.find(id))!);
    if (result.outcome === 'unknown') return untilKnown(attempt, 'no_answer');
    return result.outcome === 'done' ? done() : refused(result.reason);
  }

  private async issue({ eventId, subjectId }: CheckoutRun): Promise<Outcome> {
    await this.tickets.issue(eventId!, subjectId);
    return done();
  }

  private commitChange(
    { eventId }: CheckoutRun,
    change: (since: number) => Promise<StepResult>,
  ): Promise<StepResult> {
    return this.inventory.commitChange(eventId!, change);
  }
}
