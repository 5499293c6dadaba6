import type { Role } from '../../platform/access/principal.js';
import type { Locale } from '../../platform/common/locale.js';
import type { UserEntity, UserKind } from './user.entity.js';

/** An account as its owner and administrators see it. */
export interface Account {
  id: string;
  email: string;
  name: string;
  role: Role;
  locale: Locale;
  emailVerified: boolean;
  createdAt: Date;
  version: number;
}

/** A person as only administrators see them; the address of a customer is where tickets are sent. */
export interface ManagedAccount extends Omit<Account, 'email' | 'name'> {
  kind: UserKind;
  email: string | null;
  name: string | null;
  /** The organisation whose customer this is, and by what its shop knows them; null for an account. */
  organisationId: string | null;
  reference: string | null;
  lockedAt: Date | null;
  lockedReason: string | null;
}

/** The columns that every living account has. */
export type LivingUser = UserEntity & { email: string; name: string; passwordHash: string | null };

export const accountOf = ({
  id,
  email,
  name,
  role,
  locale,
  emailVerifiedAt,
  createdAt,
  version,
}: LivingUser): Account => ({
  id,
  email,
  name,
  role,
  locale,
  emailVerified: emailVerifiedAt !== null,
  createdAt,
  version,
});

export const managedAccountOf = (user: UserEntity): ManagedAccount => ({
  ...accountOf(user as LivingUser),
  kind: user.kind,
  email: user.email ?? user.contactEmail,
  name: user.name,
  organisationId: user.organisationId,
  reference: user.reference,
  lockedAt: user.lockedAt,
  lockedReason: user.lockedReason,
});
