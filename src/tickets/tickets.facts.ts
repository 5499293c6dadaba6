declare module '../platform/facts/fact-map.js' {
  interface FactMap {
    /** To the buyer of the booking. */
    'ticket.issued': { bookingId: string; itemId: string; userId: string };
    'ticket.checked_in': { gate: string };
    'ticket.check_in_undone': { gate: string };
    'ticket.transfer_offered': { transferId: string };
    'ticket.transfer_declined': { transferId: string };
    'ticket.transfer_withdrawn': { transferId: string };
    'ticket.transfer_expired': { transferId: string };
    /** It is somebody else's now, under a new token. */
    'ticket.transferred': { transferId: string; from: string; to: string };
  }
}

export {};
