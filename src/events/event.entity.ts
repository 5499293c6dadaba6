import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Image } from '../images/images.schemas.js';
import { VersionedEntity } from '../platform/database/versioned.entity.js';
import type { EventStatus } from './event.rules.js';
import type { RefundPolicy } from './refund-policy.schemas.js';

/** One performance at a venue on one plan. */
@Entity('event')
export class EventEntity extends VersionedEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  organizerId!: string;

  @Column('uuid')
  venueId!: string;

  @Column('uuid')
  planId!: string;

  @Column('text')
  title!: string;

  @Column('text', { default: '' })
  description!: string;

  @Column('text')
  category!: string;

  @Column('text', { default: 'draft' })
  status!: EventStatus;

  /** For trying things out: seen by members and test keys only, its payments move no money. Never changes. */
  @Column('boolean', { default: false })
  sandbox!: boolean;

  @Column('timestamptz')
  startsAt!: Date;

  @Column('timestamptz')
  endsAt!: Date;

  /** When people are let in; null: not said. */
  @Column('timestamptz', { nullable: true })
  doorsAt!: Date | null;

  /** Years that a visitor must have; null: not said. */
  @Column('int', { nullable: true })
  minAge!: number | null;

  /** Length of the performance with its intervals; null: not said. */
  @Column('int', { nullable: true })
  durationMinutes!: number | null;

  /** IANA zone of the place. */
  @Column('text')
  timezone!: string;

  @Column('char', { length: 3 })
  currency!: string;

  /** Start of the sale; null: from publishing on. */
  @Column('timestamptz', { nullable: true })
  saleStartsAt!: Date | null;

  /** End of the sale; null: when the event ends. */
  @Column('timestamptz', { nullable: true })
  saleEndsAt!: Date | null;

  /** Since when the organizer has paused the sale; null: it is not paused. */
  @Column('timestamptz', { nullable: true })
  salePausedAt!: Date | null;

  /** Told to buyers while the sale is paused. */
  @Column('text', { nullable: true })
  salePauseReason!: string | null;

  @Column('int', { default: 10 })
  maxSeatsPerBooking!: number;

  /** Limit over all bookings of a person; null: none. */
  @Column('int', { nullable: true })
  maxSeatsPerBuyer!: number | null;

  @Column('int', { default: 600 })
  holdSeconds!: number;

  @Column('jsonb', {
    default: {
      fullUntilHours: 0,
      partialUntilHours: null,
      partialPercent: 0,
      feePerTicket: 0,
      refundFees: true,
    },
  })
  refundPolicy!: RefundPolicy;

  @Column('text', { nullable: true })
  imageUrl!: string | null;

  @Column('jsonb', { nullable: true })
  image!: Image | null;

  @Column('timestamptz', { nullable: true })
  publishedAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  cancelledAt!: Date | null;

  @Column('text', { nullable: true })
  cancellationReason!: string | null;
}
