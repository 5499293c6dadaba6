import { Injectable } from '@nestjs/common';
import type { Principal } from '../platform/access/principal.js';
import { DomainError } from '../platform/common/domain-error.js';
import { DatabaseService } from '../platform/database/database.service.js';
import type { Tx } from '../platform/database/tx.js';
import { FactsService } from '../platform/facts/facts.service.js';
import type { EventRecord } from './event.rules.js';
import { EventsRepository } from './events.repository.js';
import { EventsService } from './events.service.js';

/**
 * Pauses a sale and lets it go on. While it is paused no new place is held and no waitlist offer is made; holds and
 * offers that exist already can be paid, extended and released.
 */
@Injectable()
export class SalePauseService {
  constructor(
    private readonly database: DatabaseService,
    private readonly events: EventsService,
    private readonly repository: EventsRepository,
    private readonly facts: FactsService,
  ) {}

  /** From its commit on no replica holds a place. Errors: `not_found`, `event_not_on_sale`, `event_ended`. */
  pause(user: Principal, id: string, reason: string | null): Promise<EventRecord> {
    return this.change(user, id, async (tx) => {
      if (await this.repository.pause(tx, id, reason))
        await this.facts.append(tx, { ...about(id, user), type: 'event.sale_paused', data: { reason } });
    });
  }

  /** Does nothing to a sale that is not paused. Errors: `not_found`, `event_not_on_sale`, `event_ended`. */
  resume(user: Principal, id: string): Promise<EventRecord> {
    return this.change(user, id, async (tx) => {
      if (await this.repository.resume(tx, id))
        await this.facts.append(tx, { ...about(id, user), type: 'event.sale_resumed', data: {} });
    });
  }

  private async change(user: Principal, id: string, work: (tx: Tx) => Promise<void>): Promise<EventRecord> {
    await this.events.findFor(user, 'events', id);
    await this.database.transaction(work);
    const event = await this.events.find(id);
    if (event.status === 'draft') throw new DomainError('event_not_on_sale');
    if (event.status !== 'published') throw new DomainError('event_ended');
    return event;
  }
}

const about = (id: string, user: Principal) => ({
  stream: 'event',
  streamId: id,
  eventId: id,
  actor: user.id,
});
