import { z } from 'zod';
import { flag, instant, minorUnits, page, pageOf, uuid } from '../../platform/common/schemas.js';

const EVENT_ID = '019ab0c0-0000-7000-8000-000000000003';
const EPOCH = '5e0c1b7a9f42';

/** As long as a plan can make it: 200 characters of the zone, 50 of row and seat each, what makes it differ from others. */
export const label = z.string().min(1).max(400);

const seq = z.int().min(0).describe('Number of the last change that this covers');
const epoch = z
  .string()
  .max(64)
  .describe('Names the history that seq counts in; another one after a restore');
export const position = { since: seq.describe('The seq you have'), epoch: epoch.optional() };

export const changesQuery = z.strictObject({
  since: z.coerce.number().pipe(position.since),
  epoch: position.epoch,
});
export type ChangesQuery = z.infer<typeof changesQuery>;

export const statesQuery = z.strictObject({
  at: instant
    .optional()
    .describe(
      'As it was then, after all changes up to that moment; for the organizer of the event. `seq` and the version of the prices are 0 when the feed (24 hours or 100,000 changes) no longer has that time',
    ),
});
export type StatesQuery = z.infer<typeof statesQuery>;

export const historyQuery = page;
export type HistoryQuery = z.infer<typeof historyQuery>;

const count = z.int().min(0);

export const seatStates = z
  .object({
    eventId: uuid,
    epoch,
    seq,
    count: count.describe('Number of seats'),
    states: z
      .string()
      .describe(
        'Base64 of ceil(count / 4) bytes; seat n is (byte[n >> 2] >> ((n & 3) * 2)) & 3: 0 free, 1 held, 2 booked, 3 blocked',
      ),
    sections: z.array(
      z.object({ name: z.string(), free: count, held: count, booked: count, blocked: count }),
    ),
    areas: z.array(z.object({ area: z.string(), capacity: count, held: count, booked: count })),
    prices: z
      .object({
        version: z.int(),
        categories: z.array(z.object({ category: z.string(), price: minorUnits })),
        areas: z.array(z.object({ area: z.string(), price: minorUnits })),
      })
      .describe('In the currency of the event; what has no price is not for sale'),
    at: instant.optional().describe('The moment that was asked for; absent for now'),
  })
  .meta({
    id: 'SeatStates',
    example: {
      eventId: EVENT_ID,
      epoch: EPOCH,
      seq: 4711,
      count: 6,
      states: 'hAE=',
      sections: [{ name: 'Block A', free: 3, held: 2, booked: 1, blocked: 0 }],
      areas: [{ area: 'Standing', capacity: 248, held: 4, booked: 120 }],
      prices: {
        version: 1,
        categories: [{ category: 'Stalls', price: 2400 }],
        areas: [{ area: 'Standing', price: 1200 }],
      },
    },
  });

export const seatChanges = z
  .object({
    eventId: uuid,
    epoch,
    from: seq.describe('Covers the changes after this'),
    to: seq.describe('up to and with this'),
    changes: z
      .array(z.tuple([z.int().min(0), z.int().min(0).max(3)]))
      .describe('[n, state] of every seat touched, once, with its state at `to`'),
    areas: z
      .array(z.tuple([z.string(), count, count]))
      .optional()
      .describe('[area, held, booked] of every area touched'),
    priceVersion: z
      .int()
      .describe(
        'Another one than that of the state you have: its prices are out of date, or the sale of the event has changed',
      ),
  })
  .meta({
    id: 'SeatChanges',
    example: {
      eventId: EVENT_ID,
      epoch: EPOCH,
      from: 4711,
      to: 4714,
      changes: [
        [17, 1],
        [18, 1],
        [230, 0],
      ],
      areas: [['Standing', 6, 120]],
      priceVersion: 1,
    },
  });

const numbers = z.array(z.number());
const texts = z.array(z.string());
const indexes = z.array(z.int());
const shape = z.looseObject({ kind: z.enum(['rectangle', 'ellipse', 'polygon', 'text']) });

export const seatMapQuery = z.strictObject({
  labels: flag
    .default(true)
    .describe(
      '`false` leaves out the labels of the seats, a third of the answer; section, row and number tell as much',
    ),
});
export type SeatMapQuery = z.infer<typeof seatMapQuery>;
export const seatMap = z
  .object({
    planId: uuid,
    name: z.string(),
    width: z.number(),
    height: z.number(),
    count,
    sections: texts,
    unnamed: z
      .int()
      .optional()
      .describe('Index of the section whose name was made up: no part of the names of its seats'),
    categories: z.array(z.object({ name: z.string(), color: z.string() })),
    areas: z.array(z.object({ name: z.string(), capacity: count })),
    shapes: z.array(shape).describe('Shapes drawn besides seats'),
    seats: z
      .object({
        x: numbers,
        y: numbers,
        label: texts.optional().describe('Not with `labels=false`'),
        row: texts,
        number: texts,
        section: indexes,
        category: indexes,
      })
      .describe('Columns over n; section and category are indexes into the lists above'),
    accessible: indexes.describe('Seat numbers n'),
  })
  .meta({
    id: 'SeatMap',
    example: {
      planId: '019ab0c0-0000-7000-8000-000000000002',
      name: 'Small hall',
      width: 200,
      height: 100,
      count: 2,
      sections: ['Main'],
      categories: [{ name: 'Stalls', color: '#1d3557' }],
      areas: [{ name: 'Standing', capacity: 248 }],
      shapes: [],
      seats: {
        x: [20, 44],
        y: [20, 20],
        label: ['Main-1-1', 'Main-1-2'],
        row: ['1', '1'],
        number: ['1', '2'],
        section: [0, 0],
        category: [0, 0],
      },
      accessible: [0],
    },
  });

export const seatHistory = pageOf(
  z.strictObject({
    type: z.string(),
    at: instant,
    bookingId: uuid.nullable(),
    actor: uuid.nullable().describe('Who did it; null when time did'),
  }),
).meta({
  id: 'SeatHistory',
  example: {
    data: [
      {
        type: 'booking.held',
        at: '2027-08-01T10:00:00.000Z',
        bookingId: '019ab0c0-0000-7000-8000-000000000004',
        actor: '019ab0c0-0000-7000-8000-000000000005',
      },
    ],
    next: null,
  },
});
