import { Injectable } from '@nestjs/common';
import { EventLifecycleService } from '../../events/event-lifecycle.service.js';
import { type EventRecord, EventsService } from '../../events/events.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { CallResult } from '../../platform/common/call-result.js';
import { DomainError } from '../../platform/common/domain-error.js';
import type { IdempotentCall } from '../../platform/common/idempotent-call.js';
import { newId } from '../../platform/common/ids.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { IdempotencyService } from '../../platform/database/idempotency.service.js';
import { SagasService } from '../../platform/saga/sagas.service.js';
import { EVENT_CANCELLATION } from '../order-sagas.js';
import { EventCancellationRepository } from './event-cancellation.repository.js';
import { isOver } from './event-cancellation.saga.js';
import type { EventCancelInput, EventCancellation } from './event-cancellation.schemas.js';

const REFUSALS_SHOWN = 100;

/** Cancels an event: every buyer gets a full refund. */
@Injectable()
export class EventCancellationService {
  constructor(
    private readonly database: DatabaseService,
    private readonly idempotency: IdempotencyService,
    private readonly events: EventsService,
    private readonly lifecycle: EventLifecycleService,
    private readonly sagas: SagasService,
    private readonly cancellations: EventCancellationRepository,
  ) {}

  /** Ends the sale at once; a saga ends holds and pays back. Errors: `not_found`, `event_ended`. */
  async cancel(
    user: Principal,
    id: string,
    { reason }: EventCancelInput,
    call: IdempotentCall | undefined,
  ): Promise<CallResult<EventRecord>> {
    await this.events.findFor(user, 'events', id);
    const earlier = await this.database.transaction(async (tx) => {
      const asked = await this.idempotency.begin(tx, call, id);
      if (asked) return asked;
      await this.lifecycle.markCancelled(tx, id, reason ?? null, user.id);
      const about = { subjectId: id, eventId: id, actor: user.id };
      await this.sagas.start(tx, {
        id: newId(),
        kind: EVENT_CANCELLATION.kind,
        data: { after: null },
        ...about,
      });
    });
    return new CallResult(await this.events.find(id), { replayed: earlier !== undefined });
  }

  /** Progress of the cancellation. Errors: `not_found`, `event_not_cancelled`. */
  async progress(user: Principal, id: string): Promise<EventCancellation> {
    const { cancelledAt, cancellationReason, currency } = await this.events.findFor(user, 'events', id);
    if (!cancelledAt) throw new DomainError('event_not_cancelled');
    const progress = await this.cancellations.progress(id);
    const { holds, refunded, pending, refused } = progress;
    const counted = (what: 'bookings' | 'amount') => ({
      total: refunded[what] + pending[what] + refused[what],
      refunded: refunded[what],
      pending: pending[what],
      refused: refused[what],
    });
    return {
      eventId: id,
      state: isOver(progress) ? 'completed' : 'running',
      reason: cancellationReason,
      cancelledAt: cancelledAt.toISOString(),
      holds,
      bookings: counted('bookings'),
      currency,
      amounts: counted('amount'),
      refusals: refused.bookings > 0 ? await this.cancellations.refusals(id, REFUSALS_SHOWN) : [],
    };
  }
}
