import { Injectable } from '@nestjs/common';
import { EventsService } from '../../events/events.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { prefersBytes } from '../../platform/http/accept.js';
import type { SerializedAnswer } from '../../platform/http/serialized-answer.js';
import type { Asked, Shortcut } from '../../platform/http/shortcut.js';
import { type EventMemory, InventoryMemoryService } from '../memory/inventory-memory.service.js';
import { FeedRepository } from './feed.repository.js';
import { type PastSeatsReader, serializePast } from './past-states.js';
import { addRecent, changesOf, nothing, type SeatChanges } from './seat-changes.rules.js';
import { SerializedStates, type StatesForm } from './serialized-states.js';

export type { EventMemory } from '../memory/inventory-memory.service.js';
export type { PastSeats } from './past-states.js';
export { changesSince, type SeatChanges } from './seat-changes.rules.js';
export { type SeatStates, statesOf } from './serialized-states.js';

/** Which form and encoding a client accepts, by its headers. */
export interface Accepts {
  readonly accept?: string;
  readonly 'accept-encoding'?: string;
}

/**
 * Attempts to read the feed. A reload of the event meanwhile is rare; after several in a row the client starts afresh.
 */
const MAX_ATTEMPTS = 3;

/**
 * The state of all seats now, and what changed since. It comes from memory: changes made through this replica are in it
 * at once, those of others after one poll (250 ms and its query) at most.
 */
@Injectable()
export class SeatStatesService implements Shortcut {
  private readonly serialized = new WeakMap<EventMemory, SerializedStates>();
  private readPast: PastSeatsReader | undefined;

  constructor(
    private readonly inventories: InventoryMemoryService,
    private readonly events: EventsService,
    private readonly feed: FeedRepository,
  ) {}

  /** Errors: `not_found`, also for a sandbox event of others; `event_not_on_sale` for a draft of one's own. */
  async open(user: Principal | undefined, eventId: string): Promise<EventMemory> {
    const memory = await this.inventories.open(eventId);
    if (!memory || memory.sandbox) await this.events.findVisible(user, eventId);
    if (!memory) throw new DomainError('event_not_on_sale');
    return memory;
  }

  /** The state now, as JSON or raw bytes. Errors: see `open`. */
  async states(user: Principal | undefined, eventId: string, accepts: Accepts): Promise<SerializedAnswer> {
    return this.serialize(await this.open(user, eventId), accepts);
  }

  /** Registers the reader of past states, which orders/history gives in its `onModuleInit`. */
  readPastWith(reader: PastSeatsReader): void {
    this.readPast = reader;
  }

  /**
   * The state after all changes up to a moment, for the organizer of the event.
   * Errors: `unauthenticated`, `permission_missing`, `not_found` for an event of somebody else, `event_not_on_sale`,
   * `validation_failed` for a moment before publishing or in the future.
   */
  async statesAt(
    user: Principal | undefined,
    eventId: string,
    at: string,
    accepts: Accepts,
  ): Promise<SerializedAnswer> {
    if (!user) throw new DomainError('unauthenticated');
    await this.events.findFor(user, 'events', eventId);
    return serializePast(
      await this.readPast!(eventId, new Date(at)),
      formOf(accepts),
      accepts['accept-encoding'],
    );
  }

  /** Answers at once, for events in memory that everybody may see; requests with a query take the longer way. */
  answerAtOnce({ params, query, headers }: Asked): SerializedAnswer | undefined {
    if (Object.keys(query as object).length > 0) return undefined;
    const memory = this.inventories.peek((params as { id: string }).id);
    return memory && !memory.sandbox ? this.serialize(memory, headers) : undefined;
  }

  /**
   * Changes after `since`, up to now, for somebody. Errors: those of `changesFor`; see `open`.
   */
  async changes(
    user: Principal | undefined,
    eventId: string,
    since: number,
    epoch?: string,
  ): Promise<SeatChanges> {
    await this.open(user, eventId);
    return this.changesFor(eventId, since, epoch);
  }

  /**
   * Changes after `since`, up to now, for all who watch the event already.
   * Errors: `feed_gone` when `since` lies ahead, too far back, or in another `epoch`; `event_not_on_sale`.
   */
  async changesFor(eventId: string, since: number, epoch?: string): Promise<SeatChanges> {
    let memory = await this.sold(eventId);
    if (since > memory.seq) await this.inventories.catchUp();
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      memory = await this.sold(eventId);
      if (since > memory.seq || (epoch !== undefined && epoch !== memory.epoch)) break;
      const touched = nothing();
      if (addRecent(touched, memory, since)) return changesOf(memory, since, touched);
      const until = memory.seq;
      const older = await this.feed.touched(eventId, since, until);
      if (!older) break;
      for (const n of older.seats) touched.seats.add(n);
      for (const area of older.areas) touched.areas.add(area);
      if (memory === this.inventories.peek(eventId) && addRecent(touched, memory, until))
        return changesOf(memory, since, touched);
    }
    throw new DomainError('feed_gone', { extra: { epoch: memory.epoch, seq: memory.seq } });
  }

  private async sold(eventId: string): Promise<EventMemory> {
    const memory = await this.inventories.open(eventId);
    if (!memory) throw new DomainError('event_not_on_sale');
    return memory;
  }

  private serialize(memory: EventMemory, accepts: Accepts): SerializedAnswer {
    let states = this.serialized.get(memory);
    if (!states?.isCurrent()) {
      states = new SerializedStates(memory);
      this.serialized.set(memory, states);
    }
    return states.as(formOf(accepts), accepts['accept-encoding']);
  }
}

const formOf = ({ accept }: Accepts): StatesForm => (prefersBytes(accept) ? 'raw' : 'json');
