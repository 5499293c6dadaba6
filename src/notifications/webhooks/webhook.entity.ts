import { Column, Entity, PrimaryColumn } from 'typeorm';
import { VersionedEntity } from '../../platform/database/versioned.entity.js';

/** An address of an organizer that is told of facts. */
@Entity('webhook')
export class WebhookEntity extends VersionedEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  organizerId!: string;

  @Column('text')
  url!: string;

  /** Kinds of facts that it wants, such as `booking.*`. */
  @Column('text', { array: true })
  facts!: string[];

  @Column('text', { nullable: true })
  description!: string | null;

  /** Key that messages are signed with: it has to be known, so it cannot be hashed. */
  @Column('bytea', { select: false })
  secret!: Buffer;

  /** Key before a change; it signs along for a day. */
  @Column('bytea', { nullable: true, select: false })
  oldSecret!: Buffer | null;

  @Column('timestamptz', { nullable: true, select: false })
  oldUntil!: Date | null;

  @Column('boolean', { default: true })
  active!: boolean;

  @Column('text', { nullable: true })
  disabledReason!: string | null;

  /** Moment since which nothing has been accepted. */
  @Column('timestamptz', { nullable: true, select: false })
  failingSince!: Date | null;

  /** Attempts refused in a row. */
  @Column('int', { default: 0, select: false })
  failures!: number;

  /** Moment until which it is left alone. */
  @Column('timestamptz', { nullable: true, select: false })
  restingUntil!: Date | null;
}
