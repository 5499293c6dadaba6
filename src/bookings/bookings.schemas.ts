import { z } from 'zod';
import {
  currencyCode,
  instant,
  minorUnits,
  PLACE_EXAMPLE,
  page,
  pageOf,
  place,
  uuid,
} from '../platform/common/schemas.js';
import { BOOKING_STATUSES, END_REASONS, ITEM_STATUSES } from './booking.rules.js';

const itemBody = z.strictObject({
  id: uuid,
  status: z.enum(ITEM_STATUSES),
  seat: z.strictObject({ n: z.int().describe('Seat number'), label: z.string() }).nullable(),
  area: z.string().nullable().describe('Name of the general-admission area'),
  place,
  price: minorUnits,
});

const fields = {
  id: uuid,
  code: z.string().describe('Short name of the booking for people'),
  status: z.enum(BOOKING_STATUSES),
  eventId: uuid,
  expiresAt: instant.nullable().describe('Deadline of the hold, or of the payment; null when there is none'),
  currency: currencyCode,
  total: minorUnits.describe('As agreed when the hold was made; cancelled items do not change it'),
  items: z.array(itemBody),
};

const HOLD_EXAMPLE = {
  id: '019ab0c0-0000-7000-8000-0000000000b1',
  code: 'K7RM-2XQF',
  status: 'held' as const,
  eventId: '019ab0c0-0000-7000-8000-0000000000e1',
  expiresAt: '2027-08-01T10:10:00.000Z',
  currency: 'EUR',
  total: 3600,
  items: [
    {
      id: '019ab0c0-0000-7000-8000-0000000000c1',
      status: 'held' as const,
      seat: { n: 17, label: 'Block A-3-12' },
      area: null,
      place: PLACE_EXAMPLE,
      price: 2400,
    },
    {
      id: '019ab0c0-0000-7000-8000-0000000000c2',
      status: 'held' as const,
      seat: null,
      area: 'Stehplatz',
      place: { block: 'Stehplatz', row: null, seat: null, text: 'Stehplatz' },
      price: 1200,
    },
  ],
};
export const BOOKING_EXAMPLE = {
  ...HOLD_EXAMPLE,
  status: 'confirmed' as const,
  expiresAt: null,
  createdAt: '2027-08-01T10:00:00.000Z',
  endReason: null,
  items: HOLD_EXAMPLE.items.map((item) => ({ ...item, status: 'confirmed' as const })),
};

export const holdBody = z.strictObject(fields).meta({ id: 'Hold', example: HOLD_EXAMPLE });
export type HoldBody = z.infer<typeof holdBody>;

export const nextAction = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('confirm'), url: z.url() }).describe('Send a POST to the address'),
    z.strictObject({ type: z.literal('redirect'), url: z.url() }).describe('Open the address in the browser'),
    z
      .strictObject({ type: z.literal('stripe'), clientSecret: z.string() })
      .describe('Call `stripe.handleNextAction({clientSecret})` of Stripe.js'),
  ])
  .describe('Action the buyer has to take before the payment goes on; shown to nobody else');
export type NextAction = z.infer<typeof nextAction>;

export const bookingBody = z
  .strictObject({
    ...fields,
    createdAt: instant,
    endReason: z
      .literal([...END_REASONS, null])
      .describe(
        'Why it has ended, or is being cancelled as a whole; null while it is held, being paid or confirmed',
      ),
    nextAction: nextAction.optional(),
  })
  .meta({ id: 'Booking', example: BOOKING_EXAMPLE });
export type BookingBody = z.infer<typeof bookingBody>;

const time = instant.transform((value) => new Date(value));
export const bookingQuery = page.extend({
  status: z.enum(BOOKING_STATUSES).optional(),
  eventId: uuid.optional(),
  from: time.optional().describe('Made at this time or later'),
  to: time.optional().describe('Made before this time'),
});
export type BookingQuery = z.infer<typeof bookingQuery>;

export const bookingPage = pageOf(bookingBody)
  .extend({ total: z.int() })
  .meta({ id: 'BookingPage', example: { data: [BOOKING_EXAMPLE], next: null, total: 1 } });
export type BookingPage = z.infer<typeof bookingPage>;
