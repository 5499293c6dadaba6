import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { DomainError } from '../common/domain-error.js';
import type { IdempotentCall } from '../common/idempotent-call.js';
import { newId } from '../common/ids.js';
import { Database } from '../database/database.service.js';
import { Idempotency } from '../database/idempotency.service.js';
import { EventLifecycle } from '../events/event-lifecycle.service.js';
import { type EventRecord, EventsService } from '../events/events.service.js';
import { Sagas } from '../saga/sagas.service.js';
import { EventCancellationRepository } from './event-cancellation.repository.js';
import { isOver } from './event-cancellation.saga.js';
import type { EventCancelInput, EventCancellation } from './event-cancellation.schemas.js';

const REFUSALS_SHOWN = 100;

/** Calls off an event: everyone gets all their money back. */
@Injectable()
export class EventCancellations {
  constructor(
    private readonly database: Database,
    private readonly idempotency: Idempotency,
    private readonly events: EventsService,
    private readonly lifecycle: EventLifecycle,
    private readonly sagas: Sagas,
    private readonly cancellations: EventCancellationRepository,
  ) {}

  /** Ends the sale at once; a saga ends holds and pays back. Errors: `not_found`, `event_ended`. */
  async cancel(
    user: Principal,
    id: string,
    { reason }: EventCancelInput,
    call: IdempotentCall,
  ): Promise<EventRecord> {
    await this.events.findOwned(user, id);
    await this.database.transaction(async (tx) => {
      if (await this.idempotency.begin(tx, call, id)) return;
      await this.lifecycle.markCancelled(tx, id, reason ?? null, user.id);
      const about = { subjectId: id, eventId: id, actor: user.id };
      await this.sagas.start(tx, {
        id: newId(),
        kind: 'event_cancellation',
        data: { after: null },
        ...about,
      });
    });
    return this.events.find(id);
  }

  /** How far it is. Errors: `not_found`, `event_not_cancelled`. */
  async progress(user: Principal, id: string): Promise<EventCancellation> {
    const { cancelledAt, cancellationReason, currency } = await this.events.findOwned(user, id);
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
