import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Kind, NotificationData } from './notification.kinds.js';

/** Something a person is told. */
@Entity('notification')
@Unique('notification_once', ['userId', 'cause'])
export class NotificationEntity {
  @PrimaryColumn('uuid')
  userId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  kind!: Kind;

  /** Fact that caused it, or the reminder of an event: told once. */
  @Column('text', { select: false })
  cause!: string;

  @Column('uuid', { nullable: true })
  eventId!: string | null;

  @Column('uuid', { nullable: true })
  bookingId!: string | null;

  /** Ids, moments and sums that its text is made from. */
  @Column('jsonb')
  data!: NotificationData;

  /** Whether its person wanted it in the list; one that is not shown still counts as made. */
  @Column('boolean', { select: false })
  shown!: boolean;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  readAt!: Date | null;
}
