import { Inject, Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { EventRecord } from '../../events/events.service.js';
import type { House } from '../../house/house.schemas.js';
import { HouseService } from '../../house/house.service.js';
import { ImagesService } from '../../images/images.service.js';
import type { Locale } from '../../platform/common/locale.js';
import { visitNotes } from '../../platform/common/visit.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { PlansService } from '../../venues/plans.service.js';
import type { Venue } from '../../venues/venues.schemas.js';
import { giveBackText } from './give-back.rules.js';
import { type Hall, hallOf, type Spot } from './hall.rules.js';
import type { Sheet } from './ticket-sheet.js';
import { WORDS } from './ticket-words.js';

/** Pixels of the picture below the fold. */
const PICTURE_WIDTH = 640;
/** Twice its size on paper, as pixels of a screen. */
const LOGOS_KEPT = 20;
const LOGO = { width: 440, height: 88 };
const HALLS_KEPT = 50;
const OWN_ACCENT = '#0f6b62';
const MOST_LINKS = 3;

/** Contents of a ticket beside the ticket itself: the hall, the picture, what is good to know, the house's logo. */
@Injectable()
export class TicketSheetsService {
  private readonly log = new Logger(TicketSheetsService.name);
  /** A plan never changes. */
  private readonly halls = new LRUCache<string, { hall: Hall | null }>({
    max: HALLS_KEPT,
    fetchMethod: async (planId) => {
      const outline = await this.plans.outline(planId);
      return { hall: outline && hallOf(outline, await this.plans.layout(planId)) };
    },
  });
  /** By its path, which changes with the picture. */
  private readonly logos = new LRUCache<string, { logo: Buffer | null }, { organizerId: string }>({
    max: LOGOS_KEPT,
    fetchMethod: async (_path, _stale, { context }) => ({
      logo: await this.printableLogo(context.organizerId),
    }),
  });

  constructor(
    private readonly plans: PlansService,
    private readonly images: ImagesService,
    private readonly houses: HouseService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @param seats whether a ticket is for a seat: others have the event's picture in place of the hall */
  async sheet(
    event: EventRecord,
    venue: Venue,
    house: House,
    { locale, seats }: { locale: Locale; seats: boolean },
  ): Promise<Sheet> {
    const words = WORDS[locale];
    const { publicUrl } = this.config.http;
    const links = house.links.slice(0, MOST_LINKS).map(({ label, url }) => `${label[locale]}: ${url}`);
    const [hall, picture] = await Promise.all([
      seats ? this.halls.fetch(event.planId) : undefined,
      seats || !event.image
        ? null
        : this.images.read(event.image.hash, { type: 'jpeg', width: PICTURE_WIDTH }),
    ]);
    return {
      heading: words.yourPlace,
      accent: house.accent ?? OWN_ACCENT,
      hall: hall?.hall ?? null,
      picture: picture?.bytes ?? null,
      notes: [
        ...visitNotes(event, locale),
        [words.address, [venue.name, venue.address, venue.city].join(', ')],
        [words.giveBack, giveBackText(event, locale)],
        [words.online, `${publicUrl}/tickets`],
        ...links.map((link, i) => [i === 0 ? house.name : ' ', link] as const),
      ],
    };
  }

  async spot(planId: string, n: number): Promise<Spot | null> {
    const seat = (await this.plans.layout(planId)).seats[n];
    return seat ? { section: seat.section, x: seat.x, y: seat.y } : null;
  }

  /** @param organizerId whose house it is */
  async logo({ logo }: House, organizerId: string): Promise<Buffer | null> {
    if (logo === null) return null;
    return (await this.logos.fetch(logo, { context: { organizerId } }))?.logo ?? null;
  }

  /** A ticket without a logo is better than none. */
  private async printableLogo(organizerId: string): Promise<Buffer | null> {
    try {
      const bytes = await this.houses.shownLogo(organizerId);
      return bytes && (await this.images.printable(bytes, LOGO));
    } catch (error) {
      this.log.warn({ err: error }, 'The logo of the house cannot be printed');
      return null;
    }
  }
}
