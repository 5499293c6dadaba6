import { z } from 'zod';
import { instant, minorUnits, page, pageOf, uuid } from '../platform/common/schemas.js';
import { ENTRY_STATES } from './entry.rules.js';

const unique = (values: readonly string[]) => new Set(values).size === values.length;
const names = z
  .array(z.string().min(1).max(200))
  .min(1)
  .max(100)
  .refine(unique, 'names something twice')
  .optional();

export const newEntry = z
  .strictObject({
    quantity: z.int().min(1).max(1_000).describe('How many you would like'),
    minQuantity: z
      .int()
      .min(1)
      .max(1_000)
      .optional()
      .describe('The smallest number that would do; absent: all of them'),
    together: z.boolean().default(false).describe('Seats next to each other or not at all'),
    accessible: z.boolean().default(false).describe('Accessible seats only'),
    categories: names.describe('Seats of these categories; with neither these nor areas anything will do'),
    areas: names.describe('Places in these general-admission areas'),
    maxPrice: minorUnits.optional().describe('Highest price of one seat or place'),
  })
  .refine(({ quantity, minQuantity }) => (minQuantity ?? quantity) <= quantity, {
    path: ['minQuantity'],
    message: 'must not be more than quantity',
  })
  .refine(({ accessible, areas }) => !(accessible && areas), {
    path: ['areas'],
    message: 'have no accessible seats',
  })
  .meta({
    id: 'NewWaitlistEntry',
    example: { quantity: 4, minQuantity: 2, together: true, categories: ['Tribüne'], maxPrice: 4000 },
  });
export type NewEntry = z.infer<typeof newEntry>;

const ENTRY_EXAMPLE = {
  id: '019ab0c0-0000-7000-8000-0000000000f1',
  eventId: '019ab0c0-0000-7000-8000-0000000000e1',
  state: 'waiting' as const,
  quantity: 4,
  minQuantity: 2,
  together: true,
  accessible: false,
  categories: ['Tribüne'],
  areas: [],
  maxPrice: 4000,
  joinedAt: '2027-08-01T10:00:00.000Z',
  position: 12,
  odds: 0.35,
  offer: null,
};

const nameList = z.array(z.string()).nullable();
export const entryBody = z
  .strictObject({
    id: uuid,
    eventId: uuid,
    state: z.enum(ENTRY_STATES),
    quantity: z.int(),
    minQuantity: z.int(),
    together: z.boolean(),
    accessible: z.boolean(),
    categories: nameList.describe('null: any'),
    areas: nameList.describe('null: any'),
    maxPrice: minorUnits.nullable(),
    joinedAt: instant,
    position: z
      .int()
      .nullable()
      .describe('From 1, among those who wait for the event; null when not waiting'),
    odds: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .describe(
        'Share that got an offer, among earlier entries for this event that needed as many seats or more; null while there are fewer than 20',
      ),
    offer: z
      .strictObject({
        bookingId: uuid,
        quantity: z.int().describe('Seats and places that are kept for you: your quantity, or fewer'),
        expiresAt: instant,
      })
      .nullable()
      .describe('A hold for you: accept it and pay it like any other, or decline it'),
  })
  .meta({ id: 'WaitlistEntry', example: ENTRY_EXAMPLE });
export type EntryBody = z.infer<typeof entryBody>;

export const entryQuery = page;
export type EntryQuery = z.infer<typeof entryQuery>;

export const entryPage = pageOf(entryBody).meta({
  id: 'WaitlistPage',
  example: { data: [ENTRY_EXAMPLE], next: null },
});
export type EntryPage = z.infer<typeof entryPage>;

const count = z.int().min(0);
const counts = <K extends string>(names: readonly K[]) =>
  Object.fromEntries(names.map((name) => [name, count])) as Record<K, typeof count>;
export const demandBody = z
  .strictObject({
    states: z.strictObject(counts(ENTRY_STATES)),
    seatsWanted: count.describe('Seats and places that those who wait would like'),
    byQuantity: z.array(z.strictObject({ quantity: z.int(), entries: count })),
    byCategory: z
      .array(z.strictObject({ category: z.string(), entries: count }))
      .describe('Entries that named categories; one entry may name several'),
  })
  .meta({
    id: 'WaitlistDemand',
    example: {
      states: { waiting: 12, offered: 1, accepted: 3, declined: 1, expired: 0, left: 2, closed: 0 },
      seatsWanted: 31,
      byQuantity: [
        { quantity: 2, entries: 9 },
        { quantity: 4, entries: 3 },
      ],
      byCategory: [{ category: 'Tribüne', entries: 5 }],
    },
  });
export type DemandBody = z.infer<typeof demandBody>;
