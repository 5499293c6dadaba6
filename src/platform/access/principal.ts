import type { Locale } from '../common/locale.js';

export const ROLE_NAMES = ['user', 'organizer', 'admin'] as const;
export type Role = (typeof ROLE_NAMES)[number];

/** Event and origin that a buyer session is bound to. */
export interface BoundSale {
  readonly eventId: string;
  /** Origin of the pages that may use the session, as browsers write it in `Origin`. */
  readonly origin: string;
}

/** Who is asking, as the access token says. */
export interface Principal {
  readonly id: string;
  readonly role: Role;
  /** The login this token belongs to; revoked as one. */
  readonly sessionId: string;
  /** Language in which this person reads answers: that of the account when the token was signed. */
  readonly locale: Locale;
  /** Organisation for which a member of several acts, as the request says. */
  readonly organisation?: string;
  /** Logged in with two factors. */
  readonly strong?: true;
  /** A machine with a key of that organisation. */
  readonly isKey?: true;
  /** The key is for trying things out: it opens sandbox events, and them alone. */
  readonly isTest?: true;
  /** A customer of a shop, who reaches nothing but this. */
  readonly sale?: BoundSale;
}

/** Person for whom an answer is written. */
export type Reader = Pick<Principal, 'id' | 'locale' | 'sale'>;

/** Is this the person's own, such as a booking? Administrators may act on everything. */
export const owns = (user: Principal, ownerId: string): boolean =>
  user.role === 'admin' || user.id === ownerId;

/** Whether somebody may meet this event at all: a buyer session is for one. */
export const reaches = ({ sale }: Pick<Principal, 'sale'>, eventId: string): boolean =>
  sale === undefined || sale.eventId === eventId;
