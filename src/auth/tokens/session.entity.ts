import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { LoginMethod } from './login-methods.js';

/** A login of one person on one device, or what a shop made for a customer of its own: the last three columns together. */
@Entity('session')
export class SessionEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  userId!: string;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt!: Date;

  /** Moment at which the session ends unless it is refreshed. */
  @Column('timestamptz', { default: () => "(clock_timestamp() + '30 days')" })
  expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;

  /** Empty: opened by a replica of a release that knew passwords only. */
  @Column('text', { array: true, default: '{}' })
  methods!: LoginMethod[];

  @Column('text', { nullable: true })
  browser!: string | null;

  @Column('text', { nullable: true })
  system!: string | null;

  /** Address from which it was opened or last refreshed. */
  @Column('text', { nullable: true })
  ip!: string | null;

  /** SHA-256 of what the browser keeps beyond a logout to be known again. */
  @Column('bytea', { nullable: true })
  device!: Buffer | null;

  /** Moment at which the person last proved who they are. */
  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  provedAt!: Date;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  lastUsedAt!: Date;

  /** Key with which a shop made it. */
  @Column('uuid', { nullable: true })
  keyId!: string | null;

  @Column('uuid', { nullable: true })
  eventId!: string | null;

  @Column('text', { nullable: true })
  origin!: string | null;
}
