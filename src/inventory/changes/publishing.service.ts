import { Injectable, Logger } from '@nestjs/common';
import { EventLifecycleService } from '../../events/event-lifecycle.service.js';
import { type EventRecord, EventsService } from '../../events/events.service.js';
import { HouseService } from '../../house/house.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { type Layout, PlansService } from '../../venues/plans.service.js';
import { VenuesService } from '../../venues/venues.service.js';
import { PublishingRepository } from './publishing.repository.js';
import type { PublishWarning } from './publishing.schemas.js';

/** Opens the sale of an event. */
@Injectable()
export class PublishingService {
  private readonly logger = new Logger(PublishingService.name);

  constructor(
    private readonly database: DatabaseService,
    private readonly events: EventsService,
    private readonly lifecycle: EventLifecycleService,
    private readonly venues: VenuesService,
    private readonly plans: PlansService,
    private readonly house: HouseService,
    private readonly inventories: PublishingRepository,
  ) {}

  /**
   * Makes the inventory of a draft and puts it on sale; warns of what its tickets cannot show.
   * Errors: `not_found`, `not_a_draft`, `event_ended`, `price_tiers_required`, `imprint_missing`.
   */
  async publish(user: Principal, id: string): Promise<{ event: EventRecord; warnings: PublishWarning[] }> {
    const draft = await this.events.findFor(user, 'events', id);
    if (draft.endsAt <= new Date())
      throw new DomainError('event_ended', { detail: 'The end of the event is in the past.' });
    if (draft.priceTiers.length === 0)
      throw new DomainError('price_tiers_required', {
        detail: 'Set at least one price tier before publishing.',
      });
    await this.house.requireImprint(draft.organizerId);
    const layout = await this.plans.layout(draft.planId);
    await this.database.transaction(async (tx) => {
      const event = await this.lifecycle.markPublished(tx, id, salesOf(draft, layout), user.id);
      await this.inventories.insert(tx, event, layout);
    });
    await this.inventories.analyze().catch((error) => this.logger.warn(`ANALYZE failed: ${error.message}`));
    const event = await this.events.find(id);
    // A megabyte of code for fonts, which a start does without.
    const { printWarnings } = await import('./print-warnings.js');
    return { event, warnings: await printWarnings(event, await this.venues.find(event.venueId), layout) };
  }
}

/** Seats and places for sale: seats whose category has a price, and places of areas that have one. */
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
