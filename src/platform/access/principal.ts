export const ROLE_NAMES = ['user', 'organizer', 'admin'] as const;
export type Role = (typeof ROLE_NAMES)[number];

/** Who is asking, as the access token says. */
export interface Principal {
  readonly id: string;
  readonly role: Role;
  /** The login this token belongs to; revoked as one. */
  readonly sessionId: string;
}

/** May this person act on what belongs to `ownerId`? Admins may act on everything. */
export const owns = (user: Principal, ownerId: string): boolean =>
  user.role === 'admin' || user.id === ownerId;
