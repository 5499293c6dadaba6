/** A bank may take so long. */
const RECENT_MS = 60_000;
/** News that say no more than the page on which they were caused. */
const KNOWN = new Set(['booking.confirmed', 'booking.cancelled']);

const deeds = new Map<string, number>();

/** A booking is paid or given back in this very tab: nobody has to be told here. */
export function doing(bookingId: string): void {
  deeds.set(bookingId, performance.now());
}

/** Whether news are about what was just done here. */
export function wasDoneHere({ kind, bookingId }: { kind: string; bookingId: string | null }): boolean {
  const at = bookingId === null ? undefined : deeds.get(bookingId);
  return at !== undefined && performance.now() - at < RECENT_MS && KNOWN.has(kind);
}
