import { z } from 'zod';
import { email, instant, uuid } from '../../platform/common/schemas.js';

export const offerInput = z
  .strictObject({ email })
  .meta({ id: 'TicketOffer', example: { email: 'friend@example.org' } });
export type OfferInput = z.infer<typeof offerInput>;

const TRANSFER = {
  id: '019ab0c0-0000-7000-8000-0000000000f1',
  ticketId: '019ab0c0-0000-7000-8000-0000000000d1',
  eventId: '019ab0c0-0000-7000-8000-0000000000e1',
  direction: 'incoming' as const,
  state: 'offered' as const,
  email: 'friend@example.org',
  createdAt: '2026-11-25T10:00:00.000Z',
  expiresAt: '2026-12-02T10:00:00.000Z',
};

export const transfer = z
  .strictObject({
    id: uuid,
    ticketId: uuid,
    eventId: uuid,
    direction: z.enum(['incoming', 'outgoing']),
    state: z.enum(['offered', 'accepted', 'declined', 'withdrawn', 'expired']),
    email: z.string().nullable().describe('Address it is offered to; null when the offer is over'),
    createdAt: instant,
    expiresAt: instant,
  })
  .meta({ id: 'TicketTransfer', example: TRANSFER });
export type Transfer = z.infer<typeof transfer>;

export const transferList = z
  .strictObject({ data: z.array(transfer) })
  .meta({ id: 'TicketTransferList', example: { data: [TRANSFER] } });
