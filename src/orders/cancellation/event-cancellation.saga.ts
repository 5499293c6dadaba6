import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InventoryService } from '../../inventory/changes/inventory.service.js';
import { newId } from '../../platform/common/ids.js';
import { done, more, type SagaRun, type StepOutcome, wait } from '../../platform/saga/saga.js';
import { SagasService } from '../../platform/saga/sagas.service.js';
import { CHECKOUT, EVENT_CANCELLATION } from '../order-sagas.js';
import { EventCancellationRepository, type Progress } from './event-cancellation.repository.js';

interface Data {
  /** The booking after which the next piece begins. */
  after: string | null;
}

const BATCH_BOOKINGS = 100;
const REFUNDS_SECONDS = 2;
/** Refused refunds wait for people. */
const OPERATORS_SECONDS = 30;

/**
 * Saga of a cancelled event: it ends the holds, then starts a saga `cancellation` for every sold booking, which any
 * replica may run. Payments under way settle themselves, because a cancelled event confirms nothing; if they leave a
 * hold, the next look ends it.
 */
@Injectable()
export class EventCancellationSaga implements OnModuleInit {
  constructor(
    private readonly sagas: SagasService,
    private readonly inventory: InventoryService,
    private readonly cancellations: EventCancellationRepository,
  ) {}

  onModuleInit(): void {
    this.sagas.define(EVENT_CANCELLATION, {
      close: { run: (saga: SagaRun<Data>) => this.close(saga) },
      refund: { run: (saga: SagaRun<Data>) => this.refund(saga) },
    });
  }

  private async close(saga: SagaRun<Data>): Promise<StepOutcome<Data>> {
    if ((await this.release(saga)) > 0) return more({});
    // A payment that waits for its buyer need not wait any longer.
    await this.sagas.wakeAll(CHECKOUT, saga.eventId!);
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
    const ids = () => Array.from({ length: BATCH_BOOKINGS }, newId);
    const piece = await this.inventory.commitChange(saga.eventId!, (since) =>
      this.cancellations.refund(saga, saga.data.after, { refunds: ids(), sagas: ids() }, since),
    );
    this.sagas.nudge();
    return piece;
  }

  private async release(saga: SagaRun<Data>): Promise<number> {
    const piece = await this.inventory.commitChange(saga.eventId!, (since) =>
      this.cancellations.release(saga, since),
    );
    return piece.ended;
  }
}

/** True when no hold, refund or operator's decision is pending any more. */
export const isOver = ({ holds, pending, refused }: Progress): boolean =>
  holds + pending.bookings + refused.bookings === 0;
