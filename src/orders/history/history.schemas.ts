import { z } from 'zod';
import { uuid } from '../../platform/common/schemas.js';

const entry = z.strictObject({
  type: z.string().describe('`booking.held`, `payment.captured`, `ticket.issued`, …'),
  text: z.string().describe('The same for people'),
  at: z.iso.datetime(),
  by: z
    .enum(['buyer', 'organizer', 'recipient', 'system'])
    .describe('`organizer` includes the staff of the house; `recipient`: to whom a ticket was passed on'),
  subject: uuid.describe('The booking, payment, refund or ticket'),
  version: z.int().describe('Counts the changes of the subject'),
  expiresAt: z.iso.datetime().optional().describe('The deadline since then'),
  items: z.array(uuid).optional().describe('The items it was about; absent for all'),
  amount: z.int().optional().describe('Integer minor units'),
  currency: z.string().optional(),
});

export const bookingHistory = z.strictObject({ data: z.array(entry) }).meta({
  id: 'BookingHistory',
  example: {
    data: [
      {
        type: 'booking.held',
        text: 'Held',
        at: '2027-08-01T10:00:00.000Z',
        by: 'buyer',
        subject: '019ab0c0-0000-7000-8000-0000000000b1',
        version: 1,
        expiresAt: '2027-08-01T10:10:00.000Z',
      },
      {
        type: 'payment.captured',
        text: 'Paid',
        at: '2027-08-01T10:04:00.000Z',
        by: 'system',
        subject: '019ab0c0-0000-7000-8000-0000000000d1',
        version: 3,
        amount: 4000,
        currency: 'EUR',
      },
    ],
  },
});
export type BookingHistory = z.infer<typeof bookingHistory>;
export type HistoryEntry = z.infer<typeof entry>;
