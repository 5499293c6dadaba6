import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { EventsService } from '../events/events.service.js';
import { InventoryMemoryService } from '../inventory/memory/inventory-memory.service.js';
import { seatParts } from '../platform/common/places.js';
import { PlansService } from '../venues/plans.service.js';
import { PlaceNames } from './place-names.js';

/** The plan of an event never changes once it has bookings. */
const EVENTS_KEPT = 10_000;

/** Names of an event's seats and areas. */
@Injectable()
export class PlaceNamesService {
  private readonly plansOf = new LRUCache<string, string>({ max: EVENTS_KEPT });

  constructor(
    private readonly memory: InventoryMemoryService,
    private readonly events: EventsService,
    private readonly plans: PlansService,
  ) {}

  /** Names at once, for events in use; else undefined. */
  known(eventId: string): PlaceNames | undefined {
    const memory = this.memory.peek(eventId);
    if (!memory) return undefined;
    const { seats, areas } = memory;
    const { labels, section, rows, numbers } = seats;
    return new PlaceNames(
      (n) => ({ label: labels[n]!, parts: seatParts(seats, section[n]!, rows[n]!, numbers[n]!) }),
      areas,
    );
  }

  async of(eventId: string): Promise<PlaceNames> {
    const known = this.known(eventId);
    if (known) return known;
    const planId = this.plansOf.get(eventId) ?? (await this.events.find(eventId)).planId;
    this.plansOf.set(eventId, planId);
    const layout = await this.plans.layout(planId);
    return new PlaceNames((n) => {
      const { label, section, row, number } = layout.seats[n]!;
      return { label, parts: seatParts(layout, section, row, number) };
    }, layout.areas);
  }

  async ofAll(eventIds: Iterable<string>): Promise<Map<string, PlaceNames>> {
    const names = await Promise.all(
      [...new Set(eventIds)].map(async (id): Promise<[string, PlaceNames]> => [id, await this.of(id)]),
    );
    return new Map(names);
  }
}
