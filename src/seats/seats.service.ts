import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../auth/principal.js';
import { DomainError } from '../common/domain-error.js';
import type { Printed } from '../common/printed.js';
import type { Shortcut } from '../common/shortcut.js';
import { EventsService } from '../events/events.service.js';
import { type EventMemory, InventoryMemory } from '../inventory/inventory-memory.service.js';
import { FeedRepository } from './feed.repository.js';
import { PrintedStates } from './printed-states.js';
import { addRecent, changesOf, nothing, type SeatChanges } from './seat-changes.rules.js';

export type { EventMemory } from '../inventory/inventory-memory.service.js';
export { type SeatStates, statesOf } from './printed-states.js';
export { changesSince, type SeatChanges } from './seat-changes.rules.js';

/** Which form and encoding a client accepts, by its headers. */
export interface Accepts {
  readonly accept?: string;
  readonly 'accept-encoding'?: string;
}

/** An event that is loaded anew while its feed is read is rare; twice in a row the client may as well begin anew. */
const ATTEMPTS = 3;

/**
 * The state of all seats now, and what changed since. It comes from memory: changes made through this replica are in it
 * at once, those of others after one poll (250 ms and its query) at most.
 */
@Injectable()
export class SeatsService implements Shortcut {
  private readonly printed = new WeakMap<EventMemory, PrintedStates>();

  constructor(
    private readonly inventories: InventoryMemory,
    private readonly events: EventsService,
    private readonly feed: FeedRepository,
  ) {}

  /** Errors: `not_found`; `event_not_on_sale` for a draft of one's own. */
  async open(user: Principal | undefined, eventId: string): Promise<EventMemory> {
    const memory = await this.inventories.open(eventId);
    if (memory) return memory;
    await this.events.findVisible(user, eventId);
    throw new DomainError('event_not_on_sale');
  }

  /** The state now, as JSON or raw bytes. Errors: see `open`. */
  async states(user: Principal | undefined, eventId: string, accepts: Accepts): Promise<Printed> {
    return this.print(await this.open(user, eventId), accepts);
  }

  /** The same without waiting, for events in memory. */
  answerAtOnce({ params, headers }: FastifyRequest): Printed | undefined {
    const memory = this.inventories.peek((params as { id: string }).id);
    return memory && this.print(memory, headers);
  }

  /**
   * What changed after `since`, up to now.
   * Errors: `feed_gone` when `since` lies ahead, too far back, or in another `epoch`; see `open`.
   */
  async changes(
    user: Principal | undefined,
    eventId: string,
    since: number,
    epoch?: string,
  ): Promise<SeatChanges> {
    let memory = await this.open(user, eventId);
    if (since > memory.seq) await this.inventories.catchUp();
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      memory = await this.open(user, eventId);
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

  private print(memory: EventMemory, accepts: Accepts): Printed {
    let printed = this.printed.get(memory);
    if (!printed?.isCurrent()) {
      printed = new PrintedStates(memory);
      this.printed.set(memory, printed);
    }
    const form = accepts.accept?.includes('application/octet-stream') ? 'raw' : 'json';
    return printed.as(form, accepts['accept-encoding']);
  }
}
