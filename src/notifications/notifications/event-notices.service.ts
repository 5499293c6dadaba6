import { Inject, Injectable } from '@nestjs/common';
import { EventsService } from '../../events/events.service.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { Tx } from '../../platform/database/tx.js';
import type { Fact } from '../../platform/facts/fact-map.js';
import { FactsService } from '../../platform/facts/facts.service.js';
import { Every } from '../../platform/jobs/jobs.decorators.js';
import { AudienceRepository } from './audience.repository.js';
import { causeOf, isSamePlace, placeAt, placeLine } from './notification.rules.js';
import { NotifierService } from './notifier.service.js';

const BATCH_PEOPLE = 1_000;

/** Notices to everyone who goes to an event. */
@Injectable()
export class EventNoticesService {
  constructor(
    private readonly database: DatabaseService,
    private readonly audience: AudienceRepository,
    private readonly notifier: NotifierService,
    private readonly events: EventsService,
    private readonly facts: FactsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Only a new start time is news among an event's changes; a published event keeps its venue. */
  async onEvent(tx: Tx, fact: Fact<'event.cancelled' | 'event.updated'>): Promise<void> {
    if (fact.type === 'event.updated' && fact.data.startsAt === undefined) return;
    const event = await this.events.find(fact.streamId);
    const startsAt =
      fact.type === 'event.updated' ? new Date(fact.data.startsAt ?? event.startsAt) : event.startsAt;
    const people = await this.audience.ofEvent(event.id, fact.pos);
    const kind = fact.type === 'event.updated' ? 'event.changed' : 'event.cancelled';
    const reason = kind === 'event.cancelled' ? event.cancellationReason : null;
    const news = { kind, cause: causeOf(fact), event: { ...event, startsAt } } as const;
    const data = reason === null ? {} : { reason };
    await this.notifier.tell(tx, people, { ...news, data });
    if (kind !== 'event.cancelled') return;
    // Nobody is told twice: buyers who also paid for something have just been told about their money.
    const buyers = await this.audience.ofHolds(event.id, fact.pos, fact.occurredAt);
    await this.notifier.tell(tx, buyers, { ...news, data: { ...data, unpaid: true } });
  }

  /** Tells everyone who goes to a venue of its new name or address, unless only the spelling changed. */
  async onVenue(tx: Tx, fact: Fact<'venue.updated'>): Promise<void> {
    const history = await this.facts.history('venue', fact.streamId);
    const [before, now] = [placeAt(history, fact.version - 1), placeAt(history, fact.version)];
    if (isSamePlace(before, now)) return;
    for (const eventId of await this.audience.ofVenue(fact.streamId)) {
      const people = await this.audience.ofEvent(eventId, fact.pos);
      await this.notifier.tellAbout(tx, eventId, people, {
        kind: 'event.changed',
        cause: `${causeOf(fact)}:${eventId}`,
        data: { place: placeLine(now) },
      });
    }
  }

  /**
   * Reminds each person once for each start of an event, which may be postponed; also after all replicas were away for
   * a while. People who booked within the reminder's period are left out.
   */
  @Every({ name: 'notifications.remind', seconds: 60 })
  async remind(): Promise<void> {
    const hours = this.config.notifications.reminderHours;
    for (const eventId of await this.audience.soon(hours)) {
      const event = await this.events.find(eventId);
      const cause = `reminder:${eventId}:${event.startsAt.toISOString()}`;
      const news = { kind: 'event.reminder', cause, event } as const;
      for (;;) {
        const people = await this.audience.unreminded(eventId, event.startsAt, hours, BATCH_PEOPLE);
        if (people.length === 0) break;
        await this.database.transaction((tx) =>
          this.notifier.tell(tx, people, { ...news, usefulUntil: event.startsAt }),
        );
      }
    }
  }
}
