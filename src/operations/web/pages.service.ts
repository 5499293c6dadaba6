import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { EventListsService } from '../../events/event-lists.service.js';
import { toEventBody } from '../../events/events.schemas.js';
import { EventsService } from '../../events/events.service.js';
import { CacheService } from '../../platform/cache/cache.service.js';
import { DomainError } from '../../platform/common/domain-error.js';
import type { Locale } from '../../platform/common/locale.js';
import { type Prose, proseOf } from '../../platform/common/markdown.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { PlansService } from '../../venues/plans.service.js';
import { VenuesService } from '../../venues/venues.service.js';
import { hallOutline } from './hall-outline.rules.js';
import { beginning, eventPicture, homePicture, MOST_OF_TEXT, type Picture } from './page.rules.js';

/** Events on the first page. */
const LISTED = 12;
/** A kilobyte each. */
const PROSE_KEPT = 500;
/** Facts tell of changes; what they do not tell of, the clock and the last free place, may be this old. */
const FRESH = { ttl: 10, stale: 20 };
/** The beginning of pages that everybody may read, cached like the API's answers. */
@Injectable()
export class PagesService {
  /** Reading Markdown takes milliseconds, and pages are made every few seconds. */
  private readonly prose = new LRUCache<string, Prose>({ max: PROSE_KEPT, memoMethod: proseOf });

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly cache: CacheService,
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
  async event(id: string, locale: Locale): Promise<Picture | null> {
    const read = async () => {
      try {
        const event = await this.events.findVisible(undefined, id);
        const [venue, freePlaces, outline] = await Promise.all([
          this.venues.find(event.venueId),
          this.lists.freePlaces(id),
          this.plans.outline(event.planId),
        ]);
        const shown = {
          event: toEventBody(event),
          venue,
          freePlaces,
          prose: this.prose.memo(beginning(event.description, MOST_OF_TEXT)),
          outline: outline && hallOutline(outline),
        };
        return eventPicture(shown, locale, this.config.http.publicUrl, new Date());
      } catch (error) {
        if (error instanceof DomainError && error.code === 'not_found') return null;
        throw error;
      }
    };
    return this.cached('event', `${id}:${locale}`, [`event:${id}`, 'venue'], read);
  }

  private async cached<Found>(
    page: 'home' | 'event',
    what: string,
    tags: string[],
    read: () => Promise<Found>,
  ): Promise<Found> {
    const route = { name: `PagesService.${page}`, options: { ...FRESH, tags } };
    const { body } = await this.cache.get({ route, key: `page:${page}:${what}`, tags, read });
    return JSON.parse(body.toString());
  }
}
