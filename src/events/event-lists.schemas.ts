import { z } from 'zod';
import { currencyCode, flag, minorUnits, page, pageOf, text, uuid } from '../platform/common/schemas.js';
import { EVENT_STATUSES } from './event.rules.js';
import { date, EVENT_EXAMPLE, EVENT_IDS, eventHeader, PICTURE_EXAMPLE } from './events.schemas.js';

export const eventSummary = z
  .strictObject({
    ...eventHeader,
    venue: z.strictObject({ id: uuid, name: z.string(), city: z.string(), country: z.string() }),
    fromPrice: minorUnits.nullable().describe('The cheapest tier'),
    places: z.int().describe('Seats and places in all; 0 before publishing'),
    freePlaces: z.int().describe('A moment old; the seat map has the exact number'),
  })
  .meta({ id: 'EventSummary' });
export type EventSummary = z.infer<typeof eventSummary>;

const {
  venueId,
  planId,
  description,
  doorsAt,
  minAge,
  durationMinutes,
  maxSeatsPerBooking,
  maxSeatsPerBuyer,
  holdSeconds,
  refundPolicy: _,
  ...summarized
} = EVENT_EXAMPLE;
const SUMMARY_EXAMPLE = {
  ...EVENT_IDS,
  ...summarized,
  ...PICTURE_EXAMPLE,
  status: 'published',
  sandbox: false,
  salePausedAt: null,
  publishedAt: '2027-06-01T09:00:00.000Z',
  venue: { id: venueId, name: 'Riethsporthalle', city: 'Erfurt', country: 'DE' },
  fromPrice: 1200,
  places: 1500,
  freePlaces: 1321,
};

export const eventList = pageOf(eventSummary)
  .extend({ total: z.int() })
  .meta({ id: 'EventList', example: { data: [SUMMARY_EXAMPLE], next: null, total: 1 } });

export const popularEvents = z
  .strictObject({ data: z.array(eventSummary) })
  .meta({ id: 'PopularEvents', example: { data: [SUMMARY_EXAMPLE] } });

export const eventCategories = z
  .strictObject({
    data: z.array(z.strictObject({ category: z.string(), events: z.int().describe('Still to come') })),
  })
  .meta({ id: 'EventCategories', example: { data: [{ category: 'Handball', events: 12 }] } });

export const eventCities = z
  .strictObject({
    data: z.array(z.strictObject({ city: z.string(), events: z.int().describe('Still to come') })),
  })
  .meta({ id: 'EventCities', example: { data: [{ city: 'Erfurt', events: 12 }] } });

export const SORTS = [
  'startsAt',
  '-startsAt',
  'price',
  '-price',
  'title',
  '-publishedAt',
  'relevance',
] as const;
export type Sort = (typeof SORTS)[number];

const price = z.coerce.number().int().min(0).max(1_000_000_000_000);
const position = {
  limit: page.shape.limit,
  // Longer than elsewhere: the cursor of a list by title carries up to 100 letters of any script.
  cursor: z.string().max(1000).optional().describe('`next` of the page before'),
};

export const eventQuery = z
  .strictObject({
    ...position,
    q: text(200)
      .optional()
      .describe('Words of title, category, venue, city and description; "a phrase", -without'),
    category: text(60).optional().describe('Also in other words for it: Konzert finds Concert'),
    city: text(200).optional(),
    venue: uuid.optional(),
    organizer: uuid.optional(),
    from: date.optional().describe('Starts at this instant or later'),
    to: date.optional().describe('Starts before this instant'),
    currency: currencyCode.optional(),
    priceMin: price.optional().describe('Has a price of at least this, in minor units'),
    priceMax: price.optional().describe('Has a price of at most this, in minor units'),
    available: flag.optional().describe('true: on sale now with places left'),
    mine: flag.optional().describe('true: your own events, drafts and sandbox events included'),
    status: z.enum(EVENT_STATUSES).optional().describe('With mine=true, or for administrators'),
    sort: z.enum(SORTS).optional().describe('relevance when q is given, otherwise startsAt'),
  })
  .refine(({ sort, q }) => sort !== 'relevance' || q !== undefined, {
    path: ['sort'],
    message: 'relevance needs q',
  });
export type EventQuery = z.infer<typeof eventQuery>;

export const upcomingQuery = z.strictObject(position);
export type UpcomingQuery = z.infer<typeof upcomingQuery>;

export const popularQuery = page.pick({ limit: true });
export type PopularQuery = z.infer<typeof popularQuery>;
