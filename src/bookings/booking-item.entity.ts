import { Column, Entity, PrimaryColumn } from 'typeorm';
import { numeric } from '../platform/database/columns.js';
import type { ItemStatus } from './booking.rules.js';

/** One seat, or one place of an area, of a booking. */
@Entity('booking_item')
export class BookingItemEntity {
  @PrimaryColumn('uuid')
  eventId!: string;

  @PrimaryColumn('uuid')
  bookingId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  /** Number of the seat in the plan; null for a place. */
  @Column('int', { nullable: true })
  n!: number | null;

  /** Index of the area in the plan; null for a seat. */
  @Column('smallint', { nullable: true })
  area!: number | null;

  /** Minor units. */
  @Column('bigint', { transformer: numeric })
  price!: number;

  @Column('text')
  status!: ItemStatus;
}
