import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EventStatus } from './event.rules.js';
import type { RefundPolicy } from './refund-policy.schemas.js';

/** One performance at a venue on one plan. */
@Entity('event')
export class EventEntity {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'event_pkey' })
  id!: string;

  @Column({ name: 'organizer_id', type: 'uuid' })
  organizerId!: string;

  @Column({ name: 'venue_id', type: 'uuid' })
  venueId!: string;

  @Column({ name: 'plan_id', type: 'uuid' })
  planId!: string;

  @Column({ type: 'text' })
  title!: string;

  @Column({ type: 'text', default: '' })
  description!: string;

  @Column({ type: 'text' })
  category!: string;

  @Column({ type: 'text', default: 'draft' })
  status!: EventStatus;

  @Column({ name: 'starts_at', type: 'timestamptz' })
  startsAt!: Date;

  @Column({ name: 'ends_at', type: 'timestamptz' })
  endsAt!: Date;

  /** IANA zone of the place. */
  @Column({ type: 'text' })
  timezone!: string;

  @Column({ type: 'char', length: 3 })
  currency!: string;

  /** Null: from publishing on. */
  @Column({ name: 'sale_starts_at', type: 'timestamptz', nullable: true })
  saleStartsAt!: Date | null;

  /** Null: until the event ends. */
  @Column({ name: 'sale_ends_at', type: 'timestamptz', nullable: true })
  saleEndsAt!: Date | null;

  @Column({ name: 'max_seats_per_booking', type: 'int', default: 10 })
  maxSeatsPerBooking!: number;

  /** Null: no limit. */
  @Column({ name: 'max_seats_per_buyer', type: 'int', nullable: true })
  maxSeatsPerBuyer!: number | null;

  @Column({ name: 'hold_seconds', type: 'int', default: 600 })
  holdSeconds!: number;

  @Column({
    name: 'refund_policy',
    type: 'jsonb',
    default: {
      fullUntilHours: 0,
      partialUntilHours: null,
      partialPercent: 0,
      feePerTicket: 0,
      refundFees: true,
    },
  })
  refundPolicy!: RefundPolicy;

  @Column({ name: 'image_url', type: 'text', nullable: true })
  imageUrl!: string | null;

  @Column({ type: 'int', default: 1 })
  version!: number;

  @Column({ name: 'published_at', type: 'timestamptz', nullable: true })
  publishedAt!: Date | null;

  @Column({ name: 'cancelled_at', type: 'timestamptz', nullable: true })
  cancelledAt!: Date | null;

  @Column({ name: 'cancellation_reason', type: 'text', nullable: true })
  cancellationReason!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  updatedAt!: Date;
}
