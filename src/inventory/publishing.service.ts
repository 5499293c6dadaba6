import { Injectable, Logger } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { DomainError } from '../common/domain-error.js';
import { Database } from '../database/database.service.js';
import { EventLifecycle } from '../events/event-lifecycle.service.js';
import { type EventRecord, EventsService } from '../events/events.service.js';
import { type Layout, PlansService } from '../venues/plans.service.js';
import { PublishingRepository } from './publishing.repository.js';

/** Opens the sale of an event. */
@Injectable()
export class PublishingService {
  private readonly logger = new Logger(PublishingService.name);

  constructor(
    private readonly database: Database,
    private readonly events: EventsService,
    private readonly lifecycle: EventLifecycle,
    private readonly plans: PlansService,
    private readonly inventories: PublishingRepository,
  ) {}

  /**
   * Makes the inventory of a draft and puts it on sale.
   * Errors: `not_found`, `not_a_draft`, `event_ended`, `price_tiers_required`.
   */
  async publish(user: Principal, id: string): Promise<EventRecord> {
    const draft = await this.events.findOwned(user, id);
    if (draft.endsAt <= new Date())
      throw new DomainError('event_ended', { detail: 'Its end lies in the past.' });
    if (draft.priceTiers.length === 0)
      throw new DomainError('price_tiers_required', {
        detail: 'Set at least one price tier before publishing.',
      });
    const layout = await this.plans.layout(draft.planId);
    await this.database.transaction(async (tx) => {
      const event = await this.lifecycle.markPublished(tx, id, salesOf(draft, layout), user.id);
      await this.inventories.insert(tx, event, layout);
    });
    await this.inventories.analyze().catch((error) => this.logger.warn(`ANALYZE failed: ${error.message}`));
    return this.events.find(id);
  }
}

/** What is for sale: seats whose category has a price, and places of areas that have one. */
function salesOf(
  { priceTiers }: EventRecord,
  { seats, areas }: Layout,
): { places: number; fromPrice: number | null } {
  const byCategory = new Map(priceTiers.map((tier) => [tier.category, tier.price]));
  const priced = seats.filter((seat) => byCategory.has(seat.category));
  const tiers = priceTiers.filter(
    (tier) => tier.area !== null || priced.some((seat) => seat.category === tier.category),
  );
  const places = priceTiers.reduce(
    (sum, { area }) => sum + (area === null ? 0 : areas[area]!.capacity),
    priced.length,
  );
  return { places, fromPrice: tiers.length === 0 ? null : Math.min(...tiers.map((tier) => tier.price)) };
}
