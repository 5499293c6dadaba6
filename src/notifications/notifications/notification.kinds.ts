interface KindRules {
  /** True for kinds that the application always lists, because people would otherwise miss money or a seat. */
  readonly always: boolean;
  /** Also by mail, unless its person says otherwise. */
  readonly mail: boolean;
}

/** Kinds of notifications. */
export const KINDS = {
  'booking.confirmed': { always: true, mail: true },
  'booking.restored': { always: true, mail: true },
  'booking.replaced': { always: true, mail: true },
  'booking.expired': { always: false, mail: false },
  'booking.cancelled': { always: true, mail: true },
  'payment.returned': { always: true, mail: true },
  'refund.delayed': { always: true, mail: true },
  'event.changed': { always: true, mail: true },
  'event.cancelled': { always: true, mail: true },
  'event.reminder': { always: false, mail: true },
  'ticket.transferred': { always: false, mail: true },
  'waitlist.offered': { always: true, mail: true },
  'waitlist.expired': { always: false, mail: false },
  'waitlist.closed': { always: false, mail: false },
} as const satisfies Record<string, KindRules>;

export type Kind = keyof typeof KINDS;
export const KIND_NAMES = Object.keys(KINDS) as [Kind, ...Kind[]];

/** Values that a notification is printed with; the kind decides which of them are present. No names of people. */
export interface NotificationData {
  /** Title, start and zone of the event, as they were then. */
  readonly title: string;
  readonly startsAt: string;
  readonly timezone: string;
  /** Code of the booking. */
  readonly code?: string;
  /** Minor units that go back, or were not taken. */
  readonly amount?: number;
  readonly currency?: string;
  /** Deadline of an offer. */
  readonly expiresAt?: string;
  readonly quantity?: number;
  /** Why the event was cancelled, in the organizer's words. */
  readonly reason?: string;
  /** True when a part of the booking is left. */
  readonly partial?: boolean;
  /** Name and address of the place, where that is the news. */
  readonly place?: string;
  /** True when nothing had been paid yet for the lost places. */
  readonly unpaid?: boolean;
  /** Cause of the end of a payment or of a wait; absent: it timed out. */
  readonly why?: 'event_cancelled' | 'not_collected';
}
