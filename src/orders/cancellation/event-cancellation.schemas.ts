import { z } from 'zod';
import { currencyCode, instant, minorUnits, text, uuid } from '../../platform/common/schemas.js';

export const eventCancelInput = z
  .strictObject({ reason: text(500).optional().describe('For those who have tickets; shown with the event') })
  .default({})
  .meta({ id: 'EventCancellationInput', example: { reason: 'The hall was flooded.' } });
export type EventCancelInput = z.infer<typeof eventCancelInput>;

const counts = {
  total: z.int(),
  refunded: z.int(),
  pending: z.int(),
  refused: z.int().describe('The provider refused; operators see to them'),
};

export const eventCancellation = z
  .strictObject({
    eventId: uuid,
    state: z.enum(['running', 'completed']),
    reason: z.string().nullable(),
    cancelledAt: instant,
    holds: z.int().describe('Holds and payments under way that are still to end'),
    bookings: z.strictObject(counts).describe('Bookings that were sold when the event was cancelled'),
    currency: currencyCode,
    amounts: z.strictObject({
      total: minorUnits,
      refunded: minorUnits,
      pending: minorUnits,
      refused: minorUnits,
    }),
    refusals: z
      .array(
        z.strictObject({
          refundId: uuid,
          bookingId: uuid,
          code: z.string().describe('Code of the booking'),
          amount: minorUnits,
          reason: z.string().nullable(),
        }),
      )
      .describe('The first hundred refused refunds'),
  })
  .meta({
    id: 'EventCancellation',
    example: {
      eventId: '019ab0c0-0000-7000-8000-0000000000e1',
      state: 'running',
      reason: 'The hall was flooded.',
      cancelledAt: '2027-08-20T08:00:00.000Z',
      holds: 0,
      bookings: { total: 812, refunded: 811, pending: 0, refused: 1 },
      currency: 'EUR',
      amounts: { total: 3_897_600, refunded: 3_892_800, pending: 0, refused: 4800 },
      refusals: [
        {
          refundId: '019ab0c0-0000-7000-8000-0000000000f2',
          bookingId: '019ab0c0-0000-7000-8000-0000000000b1',
          code: 'K7RM-2XQF',
          amount: 4800,
          reason: 'refund_refused',
        },
      ],
    },
  });
export type EventCancellation = z.infer<typeof eventCancellation>;
