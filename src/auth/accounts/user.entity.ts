import { Column, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import type { Role } from '../../platform/access/principal.js';
import type { Locale } from '../../platform/common/locale.js';

export const USER_KINDS = ['account', 'customer'] as const;
/** Somebody with an account, or a customer of a shop, who has none here and never logs in. */
export type UserKind = (typeof USER_KINDS)[number];

/** A person. After deletion only id, kind, role and dates are left, and of a customer the organisation. */
@Entity('app_user')
export class UserEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { default: 'account' })
  kind!: UserKind;

  /** Organisation whose customer this is. */
  @Column('uuid', { nullable: true })
  organisationId!: string | null;

  /** By what the organisation's shop knows a customer; unique within the organisation. */
  @Column('text', { nullable: true })
  reference!: string | null;

  /** Where the tickets of a customer are sent. It is no login, so several may have the same. */
  @Column('text', { nullable: true })
  contactEmail!: string | null;

  /** Address of an account as the person wrote it; unique without regard to case. */
  @Column('text', { nullable: true })
  email!: string | null;

  @Column('text', { nullable: true })
  name!: string | null;

  @Column('text', { nullable: true })
  passwordHash!: string | null;

  @Column('text', { default: 'user' })
  role!: Role;

  /** Language in which this person is written to. */
  @Column('text', { default: 'en' })
  locale!: Locale;

  @Column('timestamptz', { nullable: true })
  emailVerifiedAt!: Date | null;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  deletedAt!: Date | null;

  /** Since when nobody may log in to it; null: it is open. */
  @Column('timestamptz', { nullable: true })
  lockedAt!: Date | null;

  /** In the words of the administrator who locked it. */
  @Column('text', { nullable: true })
  lockedReason!: string | null;

  @VersionColumn({ default: 1 })
  version!: number;
}
