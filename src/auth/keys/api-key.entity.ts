import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Permission } from '../../platform/access/permissions.js';
import { numeric } from '../../platform/database/columns.js';

/** A key with which a machine acts for an organisation; kept when it has ended, so that every replica learns of the end. */
@Entity('api_key')
export class ApiKeyEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  organisationId!: string;

  @Column('text')
  name!: string;

  /** SHA-256 of the key; the key itself is shown once and kept nowhere. */
  @Column('bytea')
  hash!: Buffer;

  /** Last four characters, by which people tell keys apart. */
  @Column('text')
  ending!: string;

  @Column('text', { array: true })
  permissions!: Permission[];

  /** Null: all events of the organisation. */
  @Column('uuid', { array: true, nullable: true })
  events!: string[] | null;

  @Column('uuid')
  createdBy!: string;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt!: Date;

  /** Null: until it is ended. */
  @Column('timestamptz', { nullable: true })
  expiresAt!: Date | null;

  /** For sandbox events only. */
  @Column('boolean', { default: false })
  test!: boolean;

  /** To the minute. */
  @Column('timestamptz', { nullable: true })
  lastUsedAt!: Date | null;

  /** Requests that were made with it, as of a minute ago. */
  @Column('bigint', { default: 0, transformer: numeric })
  requests!: number;

  @Column('timestamptz', { nullable: true })
  endedAt!: Date | null;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  changedAt!: Date;

  @Column('int', { default: 1 })
  version!: number;
}
