import type { DomainError } from '../common/domain-error.js';

export const TICKET_STATUSES = ['valid', 'used', 'transferred', 'cancelled'] as const;
export type TicketStatus = (typeof TICKET_STATUSES)[number];

interface Facts {
  readonly itemStatus: string;
  readonly checkedInAt: Date | null;
  readonly holderId: string;
}

/** What a ticket is to whoever looks at it: good only while its item is sold, and only to its holder. */
export function ticketStatus({ itemStatus, checkedInAt, holderId }: Facts, viewer: string): TicketStatus {
  if (itemStatus !== 'confirmed') return 'cancelled';
  if (holderId !== viewer) return 'transferred';
  return checkedInAt ? 'used' : 'valid';
}

type Refusal = Extract<DomainError['code'], `ticket_${string}` | 'already_checked_in'>;

/** Why a ticket that could not be checked in is refused at the gate. */
export function gateRefusal(
  ticket: Facts & { readonly generation: number },
  generation: number | undefined,
): Refusal {
  if (ticket.itemStatus !== 'confirmed') return 'ticket_cancelled';
  if (generation !== undefined && generation !== ticket.generation) return 'ticket_transferred';
  return 'already_checked_in';
}
