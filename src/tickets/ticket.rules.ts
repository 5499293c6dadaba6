export const TICKET_STATUSES = ['valid', 'used', 'transferred', 'cancelled'] as const;
export type TicketStatus = (typeof TICKET_STATUSES)[number];

interface Facts {
  readonly itemStatus: string;
  readonly checkedInAt: Date | null;
  readonly holderId: string;
}

/** Status of a ticket for its viewer: valid only while its item is sold, and only for its holder. */
export function ticketStatus({ itemStatus, checkedInAt, holderId }: Facts, viewer: string): TicketStatus {
  if (itemStatus !== 'confirmed') return 'cancelled';
  if (holderId !== viewer) return 'transferred';
  return checkedInAt ? 'used' : 'valid';
}
