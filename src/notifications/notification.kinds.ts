interface KindRules {
  /** Always in the list of the application: people would miss money or a seat. */
  readonly always: boolean;
  /** Also by mail, unless its person says otherwise. */
  readonly mail: boolean;
}

/** What people are told of. */
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

/** What a notification is printed with; which of it there is depends on the kind. Nobody's name is in it. */
export interface NotificationData {
  /** Title, start and zone of the event, as they were then. */
  readonly title: string;
  readonly startsAt: string;
  readonly timezone: string;
  /** Of the booking. */
  readonly code?: string;
  /** Minor units that go back, or were not taken. */
  readonly amount?: number;
  readonly currency?: string;
  /** Of an offer. */
  readonly expiresAt?: string;
  readonly quantity?: number;
  /** Why the event was cancelled, in the organizer's words. */
  readonly reason?: string;
  /** Some of the booking is left. */
  readonly partial?: boolean;
}
