import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { afterCommit, type Tx } from '../database/tx.js';
import { EventsService } from '../events/events.service.js';
import type { Fact } from '../facts/fact-map.js';
import { OnFact } from '../facts/facts.decorators.js';
import type {} from './inventory.facts.js';
import { InventoryRepository } from './inventory.repository.js';

const EVENTS_KEPT = 1_000;

/**
 * Keeps the number of free places that lists show. Counts anew, because a delta lost would stay lost; a count covers
 * every fact of the event from before it, so that a rush costs one count for each look of the relay and not one for
 * each hold (a count of 50,000 seats takes about 5 ms).
 */
@Injectable()
export class FreePlacesService {
  /** Time in ms of the newest change that the last count of an event has seen. */
  private readonly counted = new LRUCache<string, number>({ max: EVENTS_KEPT });
  /** Events counted in a transaction under way: all facts of its batch were committed before. */
  private readonly batches = new WeakMap<Tx, Set<string>>();

  constructor(
    private readonly inventory: InventoryRepository,
    private readonly events: EventsService,
  ) {}

  @OnFact(['booking.*', 'seats.*', 'event.price_tiers_set'], { name: 'listing-free-places' })
  async recount(tx: Tx, { eventId, type, occurredAt }: Fact): Promise<void> {
    if (eventId === null || UNCHANGED.has(type)) return;
    if (occurredAt.getTime() < (this.counted.get(eventId) ?? 0)) return;
    const batch = this.batches.get(tx) ?? new Set();
    if (batch.has(eventId)) return;
    this.batches.set(tx, batch.add(eventId));
    const count = await this.inventory.freePlaces(tx, eventId);
    if (!count) return;
    await this.events.setFreePlaces(tx, eventId, count.free);
    afterCommit(tx, () => this.counted.set(eventId, count.at));
  }
}

const UNCHANGED = new Set([
  'booking.extended',
  'booking.paying',
  'booking.declined',
  'booking.confirmed',
  'booking.cancelling',
]);
