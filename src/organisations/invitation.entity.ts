import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Permission } from '../platform/access/permissions.js';

/** An invitation to become a member, for whoever has the link in the mail; accepted or withdrawn it is gone. */
@Entity('invitation')
export class InvitationEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  organisationId!: string;

  @Column('text')
  email!: string;

  @Column('text', { array: true })
  permissions!: Permission[];

  /** Null: all events of the organisation. */
  @Column('uuid', { array: true, nullable: true })
  events!: string[] | null;

  @Column('uuid')
  invitedBy!: string;

  /** SHA-256 of the token; the token itself is only in the mail. */
  @Column('bytea', { nullable: true })
  tokenHash!: Buffer | null;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('timestamptz')
  expiresAt!: Date;
}
