import type { Role } from '../../platform/access/principal.js';
import type { Locale } from '../../platform/common/locale.js';
import type { UserEntity } from './user.entity.js';

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

/** An account as only administrators see it. */
export interface ManagedAccount extends Account {
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

export const managedAccountOf = (user: LivingUser): ManagedAccount => ({
  ...accountOf(user),
  lockedAt: user.lockedAt,
  lockedReason: user.lockedReason,
});
