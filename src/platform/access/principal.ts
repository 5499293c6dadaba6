import type { Locale } from '../common/locale.js';

export const ROLE_NAMES = ['user', 'organizer', 'admin'] as const;
export type Role = (typeof ROLE_NAMES)[number];

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
}

/** Person for whom an answer is written. */
export type Reader = Pick<Principal, 'id' | 'locale'>;

/** Is this the person's own, such as a booking? Administrators may act on everything. */
export const owns = (user: Principal, ownerId: string): boolean =>
  user.role === 'admin' || user.id === ownerId;
