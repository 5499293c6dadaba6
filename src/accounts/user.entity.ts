import { Check, Column, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import type { Role } from '../auth/principal.js';
import type { Locale } from '../common/locale.js';

/** A person with an account. After deletion only id, role and dates are left. */
@Entity('app_user')
@Check('app_user_role', `role IN ('user', 'organizer', 'admin')`)
@Check('app_user_locale', `locale IN ('en', 'de')`)
export class User {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'app_user_pkey' })
  id!: string;

  /** As the person wrote it; unique without regard to case. */
  @Column('text', { nullable: true })
  email!: string | null;

  @Column('text', { nullable: true })
  name!: string | null;

  @Column('text', { name: 'password_hash', nullable: true })
  passwordHash!: string | null;

  @Column('text', { default: 'user' })
  role!: Role;

  /** The language in which this person is written to. */
  @Column('text', { default: 'en' })
  locale!: Locale;

  @Column('timestamptz', { name: 'email_verified_at', nullable: true })
  emailVerifiedAt!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'deleted_at', nullable: true })
  deletedAt!: Date | null;

  @VersionColumn({ default: 1 })
  version!: number;
}
