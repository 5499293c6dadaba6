import { Injectable, type OnModuleInit } from '@nestjs/common';
import { BookingsService } from '../bookings/bookings.service.js';
import { newId } from '../common/ids.js';
import { InventoryService } from '../inventory/inventory.service.js';
import { PaymentsService } from '../payments/payments.service.js';
import { done, refused, type StepOutcome, stuck, untilKnown } from '../saga/saga.js';
import { Sagas } from '../saga/sagas.service.js';
import { TicketsService } from '../tickets/tickets.service.js';
import { Authorization } from './authorization.service.js';
import type { CheckoutData, CheckoutRun } from './checkout.data.js';
import { CheckoutRepository, type StepResult } from './checkout.repository.js';

type Outcome = StepOutcome<CheckoutData>;

/**
 * From a hold to tickets. The seats are sold before the money moves, and the money is set aside before the seats are sold: at
 * no step can one be had without the other in reach.
 */
@Injectable()
export class CheckoutSaga implements OnModuleInit {
  constructor(
    private readonly sagas: Sagas,
    private readonly authorization: Authorization,
    private readonly payments: PaymentsService,
    private readonly bookings: BookingsService,
    private readonly inventory: InventoryService,
    private readonly tickets: TicketsService,
    private readonly steps: CheckoutRepository,
  ) {}

  onModuleInit(): void {
    this.sagas.define<CheckoutData>({
      kind: 'checkout',
      steps: [
        // Done in the call that starts the saga.
        { name: 'reserve', run: async () => done(), undo: (checkout) => this.release(checkout) },
        {
          name: 'authorize',
          run: (checkout) => this.authorization.run(checkout),
          undo: (checkout) => this.giveBack(checkout),
        },
        {
          name: 'confirm',
          run: (checkout) => this.confirm(checkout),
          undo: (checkout) => this.undo(checkout),
        },
        { name: 'capture', run: (checkout) => this.capture(checkout) },
        { name: 'tickets', run: (checkout) => this.issue(checkout) },
      ],
    });
    this.payments.onNews(async ({ id }) => {
      await this.sagas.resume(id);
    });
  }

  private async release(checkout: CheckoutRun): Promise<Outcome> {
    await this.follow(checkout, (since) => this.steps.release(checkout, since));
    return done();
  }

  private async giveBack({ id, data, attempt }: CheckoutRun): Promise<Outcome> {
    if (data.free) return done();
    const result = await this.payments.giveBack((await this.payments.find(id))!);
    if (result.outcome === 'unknown') return untilKnown(attempt, 'no_answer');
    return result.outcome === 'done' ? done() : stuck(result.reason);
  }

  private async confirm(checkout: CheckoutRun): Promise<Outcome> {
    let { outcome } = await this.follow(checkout, (since) => this.steps.confirm(checkout, since));
    if (outcome === 'hold_expired') outcome = await this.restore(checkout);
    return outcome === 'ok' ? done() : refused(outcome);
  }

  private async restore(checkout: CheckoutRun): Promise<string> {
    const newItems = checkout.data.substitutes ? await this.itemIds(checkout) : null;
    const { outcome } = await this.follow(checkout, (since) => this.steps.restore(checkout, newItems, since));
    return outcome;
  }

  /** As many as the booking has items: each may need another seat. */
  private async itemIds({ subjectId }: CheckoutRun): Promise<string[]> {
    const { items } = await this.bookings.record(subjectId);
    return items.map(() => newId());
  }

  private async undo(checkout: CheckoutRun): Promise<Outcome> {
    await this.follow(checkout, (since) => this.steps.undo(checkout, since));
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

  private follow(
    { eventId }: CheckoutRun,
    change: (since: number) => Promise<StepResult>,
  ): Promise<StepResult> {
    return this.inventory.follow(eventId!, change);
  }
}
