import { Column, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import type { Role } from '../../platform/access/principal.js';
import type { Locale } from '../../platform/common/locale.js';

/** A person with an account. After deletion only id, role and dates are left. */
@Entity('app_user')
export class UserEntity {
  @PrimaryColumn('uuid')
  id!: string;

  /** Address as the person wrote it; unique without regard to case. */
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
