import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type PastSeats, SeatStatesService } from '../../inventory/seat-map/seat-states.service.js';
import { DomainError } from '../../platform/common/domain-error.js';
import type { AnyFact, Fact } from '../../platform/facts/fact-map.js';
import type { Layout } from '../../venues/layout.js';
import { EventFactsRepository } from './event-facts.repository.js';
import { inventoryOf, replayEvent } from './event-replay.rules.js';
import { type PastFeed, PastSeatsRepository } from './past-seats.repository.js';

/**
 * Past states of an event's seats: replays the facts up to the moment, then applies the rows that the feed still has of
 * that time, which also show seats kept for the waitlist.
 */
@Injectable()
export class PastSeatsService implements OnModuleInit {
  constructor(
    private readonly seats: SeatStatesService,
    private readonly past: PastSeatsRepository,
    private readonly facts: EventFactsRepository,
  ) {}

  onModuleInit(): void {
    this.seats.readPastWith((eventId, at) => this.at(eventId, at));
  }

  /** Errors: `event_not_on_sale`, `validation_failed` before publishing and in the future. */
  async at(eventId: string, at: Date): Promise<PastSeats> {
    const come = await this.past.settled(eventId, at);
    if (come === undefined) throw new DomainError('event_not_on_sale');
    if (!come) throw outside('must not lie in the future');
    return this.facts.snapshot(async (client) => {
      const feed = await this.past.feed(client, eventId, at);
      if (at < feed.publishedAt)
        throw outside(`must not lie before the event was published, ${feed.publishedAt.toISOString()}`);
      const facts = await this.facts.until(client, eventId, at, feed.whole ? ['event'] : undefined);
      const replayed = replayEvent(facts);
      const layout = await this.facts.layout(client, replayed.planId!);
      return {
        eventId,
        at,
        ...overlay(inventoryOf(replayed, layout), feed),
        ...priced(facts, layout, feed),
        layout,
      };
    });
  }
}

const outside = (message: string) =>
  new DomainError('validation_failed', { errors: [{ path: 'at', message }] });

function overlay(
  { seats, areas }: ReturnType<typeof inventoryOf>,
  { epoch, seq, changes, areas: counted }: PastFeed,
): Pick<PastSeats, 'epoch' | 'seq' | 'states' | 'areas'> {
  const states = Uint8Array.from(seats, ({ state }) => state);
  for (const change of changes) states[change >> 2] = change & 3;
  const counts = areas.map(({ held, booked }) => ({ held, booked }));
  for (const [area, held, booked] of counted) counts[area] = { held, booked };
  return { epoch, seq, states, areas: counts };
}

function priced(
  facts: readonly AnyFact[],
  layout: Layout,
  { priceVersion }: PastFeed,
): Pick<PastSeats, 'prices'> {
  const set = (facts as readonly Fact[]).findLast(({ type }) => type === 'event.price_tiers_set');
  const tiers = set?.type === 'event.price_tiers_set' ? set.data.priceTiers : [];
  return {
    prices: {
      version: priceVersion,
      categories: tiers.flatMap(({ category, price }) =>
        category === null ? [] : [{ category: layout.categories[category]!.name, price }],
      ),
      areas: tiers.flatMap(({ area, price }) =>
        area === null ? [] : [{ area: layout.areas[area]!.name, price }],
      ),
    },
  };
}
