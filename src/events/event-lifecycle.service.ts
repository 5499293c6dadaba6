import { Injectable } from '@nestjs/common';
import { DomainError } from '../platform/common/domain-error.js';
import type { ErrorCode } from '../platform/common/error-codes.js';
import { DatabaseService } from '../platform/database/database.service.js';
import type { Tx } from '../platform/database/tx.js';
import { FactsService } from '../platform/facts/facts.service.js';
import { type EventRecord, type EventStatus, planExceedsCapacity } from './event.rules.js';
import { EventsRepository } from './events.repository.js';
import { ListingsRepository } from './listings.repository.js';

/** Status changes of an event: from draft to published, then to cancelled or completed. */
@Injectable()
export class EventLifecycleService {
  constructor(
    private readonly database: DatabaseService,
    private readonly events: EventsRepository,
    private readonly listings: ListingsRepository,
    private readonly facts: FactsService,
  ) {}

  /**
   * For the feature that opened the sale, in its transaction; writes `event.published`.
   * @param sale places: seats and places in all; fromPrice: of the cheapest of them, null when none has a price
   * Errors: `not_found`, `not_a_draft`, `plan_exceeds_capacity`, `organizer_left`.
   */
  async markPublished(
    tx: Tx,
    id: string,
    sale: { places: number; fromPrice: number | null },
    actor?: string,
  ): Promise<EventRecord> {
    const event = await this.move(tx, id, ['draft'], 'published', 'not_a_draft');
    const stage = await this.events.lockStage(tx, id);
    if (stage.places > stage.capacity) throw planExceedsCapacity(stage);
    if (stage.organizerLeft) throw new DomainError('organizer_left');
    await this.listings.open(tx, id, sale.places, sale.fromPrice);
    await this.facts.append(tx, { ...about(id), actor, type: 'event.published', data: sale });
    return event;
  }

  /**
   * For the feature that ended the sale, in its transaction; writes `event.cancelled`. Errors: `not_found`,
   * `event_ended`.
   */
  async markCancelled(tx: Tx, id: string, reason: string | null, actor: string): Promise<EventRecord> {
    const event = await this.move(tx, id, ['published'], 'cancelled', 'event_ended', reason);
    await this.facts.append(tx, { ...about(id), actor, type: 'event.cancelled', data: {} });
    return event;
  }

  /**
   * Closes up to `limit` events that ended at least so many seconds ago; writes `event.completed`. @returns how many
   */
  async complete(seconds: number, limit: number): Promise<number> {
    const over = await this.events.over(seconds, limit);
    for (const id of over)
      await this.database.transaction(async (tx) => {
        await this.move(tx, id, ['published'], 'completed', 'event_ended');
        await this.facts.append(tx, { ...about(id), type: 'event.completed', data: {} });
      });
    return over.length;
  }

  private async move(
    tx: Tx,
    id: string,
    from: EventStatus[],
    to: EventStatus,
    otherwise: ErrorCode,
    reason: string | null = null,
  ): Promise<EventRecord> {
    const moved = await this.events.move(tx, id, from, to, reason);
    const event = await this.events.read(tx, id);
    if (!event) throw new DomainError('not_found', { detail: 'There is no such event.' });
    if (!moved) throw new DomainError(otherwise);
    return event;
  }
}

const about = (id: string) => ({ stream: 'event', streamId: id, eventId: id });
