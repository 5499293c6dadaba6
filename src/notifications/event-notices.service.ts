import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import type { Tx } from '../database/tx.js';
import { EventsService } from '../events/events.service.js';
import type { Fact } from '../facts/fact-map.js';
import { Every } from '../jobs/jobs.decorators.js';
import { AudienceRepository } from './audience.repository.js';
import { causeOf } from './notification.rules.js';
import { Notifier } from './notifier.service.js';

const PIECE = 1_000;

/** What everyone who goes to an event is told. */
@Injectable()
export class EventNotices {
  constructor(
    private readonly database: Database,
    private readonly audience: AudienceRepository,
    private readonly notifier: Notifier,
    private readonly events: EventsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Of changes people are told when they come at another time than it then says; the place cannot change. */
  async onEvent(tx: Tx, fact: Fact<'event.cancelled' | 'event.updated'>): Promise<void> {
    if (fact.type === 'event.updated' && fact.data.startsAt === undefined) return;
    const event = await this.events.find(fact.streamId);
    const startsAt =
      fact.type === 'event.updated' ? new Date(fact.data.startsAt ?? event.startsAt) : event.startsAt;
    const people = await this.audience.ofEvent(event.id, fact.pos);
    const kind = fact.type === 'event.updated' ? 'event.changed' : 'event.cancelled';
    const reason = kind === 'event.cancelled' ? event.cancellationReason : null;
    await this.notifier.tell(tx, people, {
      kind,
      cause: causeOf(fact),
      event: { ...event, startsAt },
      data: reason === null ? {} : { reason },
    });
  }

  /**
   * Each person once for each event, also after all replicas were away for a while; not those who booked within the
   * time that the reminder would look back on.
   */
  @Every({ name: 'notifications.remind', seconds: 60 })
  async remind(): Promise<void> {
    const hours = this.config.reminderHours;
    for (const eventId of await this.audience.soon(hours)) {
      const event = await this.events.find(eventId);
      const news = { kind: 'event.reminder', cause: `reminder:${eventId}`, event } as const;
      for (;;) {
        const people = await this.audience.unreminded(eventId, news.cause, hours, PIECE);
        if (people.length === 0) break;
        await this.database.transaction((tx) =>
          this.notifier.tell(tx, people, { ...news, usefulUntil: event.startsAt }),
        );
      }
    }
  }
}
