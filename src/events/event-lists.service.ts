import { Injectable } from '@nestjs/common';
import { GrantsService } from '../auth/grants/grants.service.js';
import type { Principal } from '../platform/access/principal.js';
import { type Page, toPage } from '../platform/common/pages.js';
import { filterFor, joinCategories, positionOf, toSummary } from './event-list.rules.js';
import type { EventQuery, EventSummary, PopularQuery, UpcomingQuery } from './event-lists.schemas.js';
import { type ListFilter, ListingsRepository, type ListPosition } from './listings.repository.js';

/** As many as a list to choose from may have. */
const MOST_CITIES = 200;

/** Events to choose from: read from the projection, so that counts are a moment old. */
@Injectable()
export class EventListsService {
  constructor(
    private readonly listings: ListingsRepository,
    private readonly grants: GrantsService,
  ) {}

  /** Errors: `invalid_cursor`, `unauthenticated`, `forbidden`. */
  list(query: EventQuery, user?: Principal): Promise<Page<EventSummary>> {
    return this.page(
      filterFor(query, user, (one) => this.grants.own(one)),
      positionOf(query),
    );
  }

  /** Published events that have not begun, soonest first. Errors: `invalid_cursor`. */
  upcoming(query: UpcomingQuery): Promise<Page<EventSummary>> {
    return this.page({ status: 'published', sandbox: false, from: new Date() }, positionOf(query));
  }

  /** Published events to come, those that sold the largest share of their places first. */
  async popular({ limit }: PopularQuery): Promise<{ data: EventSummary[] }> {
    return { data: (await this.listings.popular(limit)).map(toSummary) };
  }

  async categories(): Promise<{ data: { category: string; events: number }[] }> {
    return { data: joinCategories(await this.listings.categories()) };
  }

  async cities(): Promise<{ data: { city: string; events: number }[] }> {
    return { data: await this.listings.cities(MOST_CITIES) };
  }

  /** Seats and places that are left, a moment old; 0 for an event that is not there. */
  freePlaces(eventId: string): Promise<number> {
    return this.listings.freePlaces(eventId);
  }

  private async page(filter: ListFilter, position: ListPosition): Promise<Page<EventSummary>> {
    const { sort, limit } = position;
    const { rows, total } = await this.listings.page(filter, { ...position, limit: limit + 1 });
    const page = toPage(rows, limit, ({ key, id }) => [sort, key, id]);
    return { ...page, data: page.data.map(toSummary), total };
  }
}
