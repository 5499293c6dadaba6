import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { EventListsService } from '../../events/event-lists.service.js';
import { toEventBody } from '../../events/events.schemas.js';
import { EventsService } from '../../events/events.service.js';
import { OrganisationHousesService } from '../../organisations/organisation-houses.service.js';
import type { OrganisationHouse } from '../../organisations/organisations.schemas.js';
import { OrganisationsService } from '../../organisations/organisations.service.js';
import { CacheService } from '../../platform/cache/cache.service.js';
import { DomainError } from '../../platform/common/domain-error.js';
import type { Locale } from '../../platform/common/locale.js';
import { type Prose, proseOf } from '../../platform/common/markdown.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { PlansService } from '../../venues/plans.service.js';
import { VenuesService } from '../../venues/venues.service.js';
import { hallOutline } from './hall-outline.rules.js';
import {
  beginning,
  eventPicture,
  homePicture,
  MOST_OF_TEXT,
  organisationPicture,
  type Picture,
} from './page.rules.js';

/** Events on the first page. */
const LISTED = 12;
/** A kilobyte each. */
const PROSE_KEPT = 500;
/** Facts tell of changes; what they do not tell of, the clock and the last free place, may be this old. */
const FRESH = { ttl: 10, stale: 20 };
/** A page of an organisation, whose name and look it has. */
export type SellerPicture = Picture & { readonly sellerId: string };

/** The beginning of pages that everybody may read, cached like the API's answers. */
@Injectable()
export class PagesService {
  /** Reading Markdown takes milliseconds, and pages are made every few seconds. */
  private readonly prose = new LRUCache<string, Prose>({ max: PROSE_KEPT, memoMethod: proseOf });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly cache: CacheService,
    private readonly organisations: OrganisationsService,
    private readonly houses: OrganisationHousesService,
    private readonly events: EventsService,
    private readonly lists: EventListsService,
    private readonly venues: VenuesService,
    private readonly plans: PlansService,
  ) {}

  async home(locale: Locale): Promise<Picture> {
    const read = async () => {
      const { data } = await this.lists.upcoming({ limit: LISTED });
      return homePicture(data, locale, this.config.http.publicUrl);
    };
    return this.cached('home', locale, ['event', 'venue'], read);
  }

  /** Null: there is no such event, or it is not published yet. `id` in lower case, as facts have it. */
  async event(id: string, locale: Locale): Promise<SellerPicture | null> {
    const read = async () => {
      try {
        const event = await this.events.findVisible(undefined, id);
        const [venue, freePlaces, outline, organizer] = await Promise.all([
          this.venues.find(event.venueId),
          this.lists.freePlaces(id),
          this.plans.outline(event.planId),
          this.organisations.nameOf(event.organizerId),
        ]);
        const shown = {
          event: toEventBody(event),
          venue,
          freePlaces,
          prose: this.prose.memo(beginning(event.description, MOST_OF_TEXT)),
          outline: outline && hallOutline(outline),
          organizer: organizer ?? '',
        };
        const picture = eventPicture(shown, locale, this.config.http.publicUrl, new Date());
        return { ...picture, sellerId: event.organizerId };
      } catch (error) {
        return nullForMissing(error);
      }
    };
    return this.cached('event', `${id}:${locale}`, [`event:${id}`, 'venue', 'organisation'], read);
  }

  /** Null: there is no such organisation, or nobody can see anything of it yet. `id` in lower case. */
  async organisation(id: string, locale: Locale): Promise<SellerPicture | null> {
    const read = async () => {
      const house = await this.seller(id);
      if (!house) return null;
      const { data } = await this.lists.list({ organizer: id, from: new Date(), limit: LISTED });
      const picture = organisationPicture(house, data, locale, this.config.http.publicUrl);
      return { ...picture, sellerId: id };
    };
    const tags = ['house', `organisation:${id}`, 'event', 'venue'];
    return this.cached('organisation', `${id}:${locale}`, tags, read);
  }

  /** Name and look of an organisation; null: it has shown nothing yet. `id` in lower case. */
  async seller(id: string): Promise<OrganisationHouse | null> {
    const read = () => this.houses.shown(id).catch(nullForMissing);
    return this.cached('seller', id, ['house', `organisation:${id}`], read);
  }

  private async cached<Found>(
    page: 'home' | 'event' | 'organisation' | 'seller',
    what: string,
    tags: string[],
    read: () => Promise<Found>,
  ): Promise<Found> {
    const route = { name: `PagesService.${page}`, options: { ...FRESH, tags } };
    const { body } = await this.cache.get({ route, key: `page:${page}:${what}`, tags, read });
    return JSON.parse(body.toString());
  }
}

function nullForMissing(error: unknown): null {
  if (error instanceof DomainError && error.code === 'not_found') return null;
  throw error;
}
