import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Permission } from '../../platform/access/permissions.js';

/** Membership of a person in an organisation; kept when it has ended, so that every replica learns of the end. */
@Entity('member')
export class MemberEntity {
  @PrimaryColumn('uuid')
  organisationId!: string;

  @PrimaryColumn('uuid')
  userId!: string;

  /** Owners may do everything. */
  @Column('boolean', { default: false })
  owner!: boolean;

  @Column('text', { array: true, default: '{}' })
  permissions!: Permission[];

  /** Events that the permissions are for; null: all of the organisation. */
  @Column('uuid', { array: true, nullable: true })
  events!: string[] | null;

  /** Ownership is offered to this member by that one. */
  @Column('uuid', { nullable: true })
  ownershipOfferedBy!: string | null;

  @Column('timestamptz', { nullable: true })
  ownershipOfferedUntil!: Date | null;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  joinedAt!: Date;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  changedAt!: Date;

  @Column('int', { default: 1 })
  version!: number;

  @Column('timestamptz', { nullable: true })
  endedAt!: Date | null;
}
