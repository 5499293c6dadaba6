import { Injectable, type OnModuleInit } from '@nestjs/common';
import { newId } from '../common/ids.js';
import { InventoryService } from '../inventory/inventory.service.js';
import { done, more, type SagaRun, type StepOutcome, wait } from '../saga/saga.js';
import { Sagas } from '../saga/sagas.service.js';
import { EventCancellationRepository, type Progress } from './event-cancellation.repository.js';

interface Data {
  /** The booking after which the next piece begins. */
  after: string | null;
}

const PIECE = 100;
const REFUNDS_SECONDS = 2;
/** Refused refunds wait for people. */
const OPERATORS_SECONDS = 30;

/**
 * An event that was cancelled: its holds end, then every sold booking gets a saga `cancellation` of its own, which any
 * replica may carry out. Payments under way settle themselves, because an event that is cancelled confirms nothing;
 * what they leave as a hold ends with the next look.
 */
@Injectable()
export class EventCancellationSaga implements OnModuleInit {
  constructor(
    private readonly sagas: Sagas,
    private readonly inventory: InventoryService,
    private readonly cancellations: EventCancellationRepository,
  ) {}

  onModuleInit(): void {
    this.sagas.define<Data>({
      kind: 'event_cancellation',
      steps: [
        { name: 'close', run: (saga) => this.close(saga) },
        { name: 'refund', run: (saga) => this.refund(saga) },
      ],
    });
  }

  private async close(saga: SagaRun<Data>): Promise<StepOutcome<Data>> {
    if ((await this.release(saga)) > 0) return more({});
    // A payment that waits for its buyer need not wait any longer.
    await this.sagas.wakeAll('checkout', saga.eventId!);
    return done();
  }

  private async refund(saga: SagaRun<Data>): Promise<StepOutcome<Data>> {
    const { ended, last } = await this.begin(saga);
    if (ended > 0) return more({ after: last! });
    await this.release(saga);
    const progress = await this.cancellations.progress(saga.eventId!);
    if (isOver(progress)) return done();
    const { holds, pending, refused } = progress;
    const seconds = holds + pending.bookings > 0 ? REFUNDS_SECONDS : OPERATORS_SECONDS;
    const reason = `${holds} holds, ${pending.bookings} refunds under way, ${refused.bookings} refused`;
    return wait(seconds, reason, { after: null });
  }

  /** Gives the next sold bookings their sagas. */
  private async begin(saga: SagaRun<Data>) {
    const ids = () => Array.from({ length: PIECE }, newId);
    const piece = await this.inventory.follow(saga.eventId!, (since) =>
      this.cancellations.refund(saga, saga.data.after, { refunds: ids(), sagas: ids() }, since),
    );
    this.sagas.nudge();
    return piece;
  }

  private async release(saga: SagaRun<Data>): Promise<number> {
    const piece = await this.inventory.follow(saga.eventId!, (since) =>
      this.cancellations.release(saga, since),
    );
    return piece.ended;
  }
}

/** Whether nobody waits for anything any more. */
export const isOver = ({ holds, pending, refused }: Progress): boolean =>
  holds + pending.bookings + refused.bookings === 0;
