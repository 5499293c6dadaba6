import type { Role } from '../auth/principal.js';
import type { Locale } from '../common/locale.js';
import type { User } from './user.entity.js';

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

/** The columns that every living account has. */
export type LivingUser = User & { email: string; name: string; passwordHash: string };

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
