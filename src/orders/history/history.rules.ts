import type {} from '../../bookings/bookings.facts.js';
import type {} from '../../payments/payments/payments.facts.js';
import type { Fact, FactType } from '../../platform/facts/fact-map.js';
import type {} from '../../tickets/tickets.facts.js';
import type {} from '../cancellation/cancellation.facts.js';
import type { HistoryEntry } from './history.schemas.js';

type Told = Extract<FactType, `${'booking' | 'payment' | 'refund' | 'ticket'}.${string}`>;
export type ToldFact = Fact<Told>;

const TEXT: Record<Told, string> = {
  'booking.held': 'Held',
  'booking.extended': 'Hold extended',
  'booking.accepted': 'Offer of the waitlist accepted',
  'booking.paying': 'Payment begun',
  'booking.declined': 'Payment failed, the hold goes on',
  'booking.confirmed': 'Confirmed',
  'booking.restored': 'Paid late: the same places again',
  'booking.replaced': 'Paid late: other places instead of lost ones',
  'booking.released': 'Hold released',
  'booking.expired': 'Hold expired',
  'booking.cancelling': 'Cancellation begun',
  'booking.cancelled': 'Cancelled',
  'payment.created': 'Payment requested',
  'payment.unknown': 'The payment provider does not answer yet',
  'payment.requires_action': 'The bank wants a confirmation',
  'payment.authorized': 'Payment approved',
  'payment.captured': 'Paid',
  'payment.declined': 'Payment declined',
  'payment.voiding': 'Nothing can be sold for the payment any more: it is given back',
  'payment.voided': 'Payment given back',
  'refund.created': 'Refund requested',
  'refund.unknown': 'The refund is not answered yet',
  'refund.succeeded': 'Refunded',
  'refund.refused': 'Refund refused; we look into it',
  'refund.settled': 'Refund ended by hand',
  'ticket.issued': 'Ticket issued',
  'ticket.checked_in': 'Checked in',
  'ticket.check_in_undone': 'Check-in taken back',
  'ticket.transfer_offered': 'Ticket offered to somebody else',
  'ticket.transfer_declined': 'The other person declined the ticket',
  'ticket.transfer_withdrawn': 'Ticket no longer offered',
  'ticket.transfer_expired': 'The offer of the ticket ended',
  'ticket.transferred': 'Ticket passed on',
};

/**
 * Facts of a booking, its money and its tickets as its buyer may see them: without ids of people, and without facts of
 * a ticket after its transfer, which concern its new holder only.
 * @param userId of the buyer
 */
export function tell(userId: string, facts: readonly ToldFact[]): HistoryEntry[] {
  const passedOn = new Set<string>();
  const shown = facts.filter(({ type, streamId }) => {
    if (passedOn.has(streamId)) return false;
    if (type === 'ticket.transferred') passedOn.add(streamId);
    return true;
  });
  return shown.map((fact) => ({
    type: fact.type,
    text: TEXT[fact.type],
    at: fact.occurredAt.toISOString(),
    by: who(fact, userId),
    subject: fact.streamId,
    version: fact.version,
    ...details(fact),
  }));
}

function who({ actor, type }: ToldFact, userId: string): HistoryEntry['by'] {
  if (actor === null) return 'system';
  if (actor === userId) return 'buyer';
  return type.startsWith('ticket.transfer') ? 'recipient' : 'organizer';
}

function details({ type, data }: ToldFact): Partial<HistoryEntry> {
  return {
    ...('expiresAt' in data && { expiresAt: new Date(data.expiresAt).toISOString() }),
    ...(type.startsWith('booking.cancel') && 'items' in data && { items: data.items as string[] }),
    ...('added' in data && { items: data.added.map(([id]) => id) }),
    ...('amount' in data && { amount: data.amount, currency: data.currency }),
  };
}
