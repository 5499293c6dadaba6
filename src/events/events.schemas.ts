import { z } from 'zod';
import { IMAGE_EXAMPLE, image, imageHash } from '../images/images.schemas.js';
import { currency, instant, line, minorUnits, text, timeZone, uuid } from '../platform/common/schemas.js';
import { EVENT_STATUSES, type EventRecord } from './event.rules.js';
import { FULL_UNTIL_START, refundPolicy, refundPolicyInput } from './refund-policy.schemas.js';

/** Far enough for any season, near enough that every date has a four-digit year everywhere. */
const LAST_DATE = Date.UTC(2200, 0, 1);
export const date = instant
  .refine((value) => Date.parse(value) < LAST_DATE, 'must be before the year 2200')
  .transform((value) => new Date(value));
const url = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .regex(/^\S*$/, 'must not contain white space');

/** As the plan has it, which may be older than the rules for names of today. */
const placeName = z.string().min(1).max(200);

const tierInput = z
  .strictObject({
    name: line(100),
    price: minorUnits,
    category: placeName.optional().describe('Name of a seat category of the plan'),
    area: placeName.optional().describe('Name of a general-admission area of the plan'),
  })
  .refine((tier) => (tier.category === undefined) !== (tier.area === undefined), {
    message: 'must be for exactly one category or area',
  });
const tierList = z.array(tierInput).max(1000);

const fields = {
  venueId: uuid,
  planId: uuid.describe('A seating plan of that venue'),
  title: line(200),
  description: text(10_000, 0).describe(
    'Markdown (CommonMark); HTML in it is text, and pictures are not shown',
  ),
  category: line(60).describe(
    "Free text, such as Handball; compared without case and accents. Common ones are shown in the reader's language",
  ),
  startsAt: date,
  endsAt: date,
  doorsAt: date
    .nullable()
    .describe('When people are let in: at most 24 hours before startsAt; null: not said'),
  minAge: z.int().min(0).max(99).nullable().describe('Years that a visitor must have; null: not said'),
  durationMinutes: z
    .int()
    .min(1)
    .max(10_080)
    .nullable()
    .describe('Length of the performance with its intervals; null: not said'),
  timezone: timeZone,
  currency,
  saleStartsAt: date.nullable().describe('Null: on sale from publishing on'),
  saleEndsAt: date.nullable().describe('Null: on sale until the event ends'),
  maxSeatsPerBooking: z.int().min(1).max(1000),
  maxSeatsPerBuyer: z.int().min(1).max(100_000).nullable().describe('Null: no limit'),
  holdSeconds: z.int().min(30).max(7200).describe('How long a hold lasts'),
  refundPolicy: refundPolicyInput,
  imageUrl: url.nullable().describe('A picture elsewhere; it takes the place of one that was uploaded'),
};

export const EVENT_EXAMPLE = {
  venueId: '019ab0c0-0000-7000-8000-000000000001',
  planId: '019ab0c0-0000-7000-8000-000000000002',
  title: 'Season opening',
  description: 'First home match, with **music** before it.',
  category: 'Handball',
  startsAt: '2027-09-04T17:00:00.000Z',
  endsAt: '2027-09-04T19:00:00.000Z',
  doorsAt: '2027-09-04T16:00:00.000Z',
  minAge: 6,
  durationMinutes: 90,
  timezone: 'Europe/Berlin',
  currency: 'EUR',
  saleStartsAt: null,
  saleEndsAt: '2027-09-04T16:00:00.000Z',
  maxSeatsPerBooking: 10,
  maxSeatsPerBuyer: null,
  holdSeconds: 600,
  refundPolicy: FULL_UNTIL_START,
  imageUrl: null,
};
/** Nobody sends it: pictures are uploaded. */
export const PICTURE_EXAMPLE = { image: IMAGE_EXAMPLE };
const TIERS_EXAMPLE = [
  { name: 'Stand', price: 2400, category: 'Kat. 1' },
  { name: 'Standing', price: 1200, area: 'Stehplatz' },
];

export const newEvent = z
  .strictObject({
    ...fields,
    description: fields.description.default(''),
    doorsAt: fields.doorsAt.default(null),
    minAge: fields.minAge.default(null),
    durationMinutes: fields.durationMinutes.default(null),
    timezone: fields.timezone.optional().describe("The venue's when absent"),
    saleStartsAt: fields.saleStartsAt.default(null),
    saleEndsAt: fields.saleEndsAt.default(null),
    maxSeatsPerBooking: fields.maxSeatsPerBooking.default(10),
    maxSeatsPerBuyer: fields.maxSeatsPerBuyer.default(null),
    holdSeconds: fields.holdSeconds.default(600),
    refundPolicy: fields.refundPolicy.default(FULL_UNTIL_START),
    imageUrl: fields.imageUrl.default(null),
    imageHash: imageHash
      .nullable()
      .default(null)
      .describe('Picture that another event has, for a copy of it'),
    sandbox: z
      .boolean()
      .default(false)
      .describe(
        'For trying things out: only members and test keys see it, its payments move no money, and its tickets say TEST. Never changes afterwards',
      ),
    priceTiers: tierList.default([]),
  })
  .meta({ id: 'NewEvent', example: { ...EVENT_EXAMPLE, priceTiers: TIERS_EXAMPLE } });
export type NewEvent = z.infer<typeof newEvent>;

export const eventEdit = z
  .strictObject(fields)
  .partial()
  .meta({ id: 'EventEdit', example: { title: 'Season opening', maxSeatsPerBooking: 6 } });
export type EventEdit = z.infer<typeof eventEdit>;

export const salePause = z
  .strictObject({
    reason: line(300).optional().describe('Shown to buyers while the sale is paused'),
  })
  .meta({ id: 'SalePause', example: { reason: 'We are checking the seating plan and go on at noon.' } });
export type SalePause = z.infer<typeof salePause>;

export const priceTiersInput = z
  .strictObject({ priceTiers: tierList })
  .meta({ id: 'PriceTiersInput', example: { priceTiers: TIERS_EXAMPLE } });
export type PriceTiersInput = z.infer<typeof priceTiersInput>;

const tierBody = z.strictObject({
  no: z.int(),
  name: z.string(),
  price: minorUnits,
  category: z.string().nullable(),
  area: z.string().nullable(),
});
const TIER_BODY_EXAMPLE = [
  { no: 0, name: 'Stand', price: 2400, category: 'Kat. 1', area: null },
  { no: 1, name: 'Standing', price: 1200, category: null, area: 'Stehplatz' },
];

export const priceTiersBody = z
  .strictObject({ version: z.int().describe('Version of the event'), priceTiers: z.array(tierBody) })
  .meta({ id: 'PriceTiers', example: { version: 3, priceTiers: TIER_BODY_EXAMPLE } });
export type PriceTiersBody = z.infer<typeof priceTiersBody>;

/** Fields of an event that lists show as well. */
export const eventHeader = {
  id: uuid,
  organizerId: uuid,
  title: z.string(),
  category: z.string(),
  status: z.enum(EVENT_STATUSES),
  sandbox: z.boolean().describe('For trying things out: only members and test keys see it'),
  startsAt: instant,
  endsAt: instant,
  timezone: z.string(),
  currency: z.string(),
  saleStartsAt: instant.nullable(),
  saleEndsAt: instant.nullable(),
  salePausedAt: instant
    .nullable()
    .describe('Since when no new place can be held; null: the sale is not paused'),
  imageUrl: z.string().nullable().describe('A picture elsewhere'),
  image: image.nullable().describe('A picture that was uploaded; then imageUrl is null'),
  publishedAt: instant.nullable(),
};
export const EVENT_IDS = {
  id: '019ab0c0-0000-7000-8000-000000000003',
  organizerId: '019ab0c0-0000-7000-8000-000000000004',
};

export const eventBody = z
  .strictObject({
    ...eventHeader,
    venueId: uuid,
    planId: uuid,
    description: z.string(),
    doorsAt: instant.nullable(),
    minAge: z.int().nullable(),
    durationMinutes: z.int().nullable(),
    maxSeatsPerBooking: z.int(),
    maxSeatsPerBuyer: z.int().nullable(),
    holdSeconds: z.int(),
    refundPolicy,
    salePauseReason: z.string().nullable().describe("The organizer's words about the pause, for buyers"),
    cancelledAt: instant.nullable(),
    cancellationReason: z.string().nullable(),
    version: z.int().describe('Grows with every edit; the ETag carries it'),
    createdAt: instant,
    updatedAt: instant,
    priceTiers: z.array(tierBody),
  })
  .meta({
    id: 'Event',
    example: {
      ...EVENT_IDS,
      ...EVENT_EXAMPLE,
      ...PICTURE_EXAMPLE,
      status: 'published',
      sandbox: false,
      salePausedAt: null,
      salePauseReason: null,
      cancelledAt: null,
      cancellationReason: null,
      version: 3,
      publishedAt: '2027-06-01T09:00:00.000Z',
      createdAt: '2027-05-31T12:00:00.000Z',
      updatedAt: '2027-06-01T09:00:00.000Z',
      priceTiers: TIER_BODY_EXAMPLE,
    },
  });
export type EventBody = z.infer<typeof eventBody>;

const iso = (value: Date | null) => value?.toISOString() ?? null;

/** Event as everyone may read it; holds nothing that sales change, so that `version` tells every change. */
export function toEventBody(event: EventRecord): EventBody {
  return {
    ...event,
    startsAt: event.startsAt.toISOString(),
    endsAt: event.endsAt.toISOString(),
    doorsAt: iso(event.doorsAt),
    saleStartsAt: iso(event.saleStartsAt),
    saleEndsAt: iso(event.saleEndsAt),
    salePausedAt: iso(event.salePausedAt),
    publishedAt: iso(event.publishedAt),
    cancelledAt: iso(event.cancelledAt),
    createdAt: event.createdAt.toISOString(),
    updatedAt: event.updatedAt.toISOString(),
    priceTiers: toTiersBody(event).priceTiers,
  };
}

export function toTiersBody({ version, priceTiers }: EventRecord): PriceTiersBody {
  return {
    version,
    priceTiers: priceTiers.map(({ no, name, price, category, appliesTo }) => ({
      no,
      name,
      price,
      category: category === null ? null : appliesTo,
      area: category === null ? appliesTo : null,
    })),
  };
}
