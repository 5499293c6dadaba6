import { Column, Entity, PrimaryColumn } from 'typeorm';
import { numeric } from '../platform/database/columns.js';
import type { BookingStatus } from './booking.rules.js';

/** Seats and places that one person holds or has bought. The row may lag behind its deadline: see `BookingRecord`. */
@Entity('booking')
export class BookingEntity {
  @PrimaryColumn('uuid')
  eventId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  userId!: string;

  /** Name for people, such as on the phone. */
  @Column('text')
  code!: string;

  @Column('text')
  status!: BookingStatus;

  /** Deadline of the hold; while paying, of the payment. */
  @Column('timestamptz')
  expiresAt!: Date;

  /** Deadline of the hold also while paying. */
  @Column('timestamptz')
  heldUntil!: Date;

  /** Whether the hold has been extended, which is possible once. */
  @Column('boolean', { default: false })
  extended!: boolean;

  /** Payments begun so far. */
  @Column('smallint', { default: 0 })
  tries!: number;

  /** Entry of the waitlist that this hold is offered to; null once accepted. */
  @Column('uuid', { nullable: true })
  entryId!: string | null;

  @Column('char', { length: 3 })
  currency!: string;

  /** Minor units. */
  @Column('bigint', { transformer: numeric })
  total!: number;

  @Column('int', { default: 1 })
  version!: number;

  @Column('timestamptz')
  createdAt!: Date;
}
