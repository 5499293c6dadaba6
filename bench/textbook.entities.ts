import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('inventory')
export class InventoryRow {
  @PrimaryColumn({ name: 'event_id', type: 'uuid' })
  eventId!: string;
  @Column({ type: 'bigint' })
  seq!: string;
  @Column({ name: 'price_version', type: 'int' })
  priceVersion!: number;
  @Column({ type: 'text' })
  status!: string;
  @Column({ name: 'sale_until', type: 'timestamptz' })
  saleUntil!: Date;
  @Column({ type: 'char', length: 3 })
  currency!: string;
  @Column({ name: 'hold_seconds', type: 'int' })
  holdSeconds!: number;
}

@Entity('seat')
export class SeatRow {
  @PrimaryColumn({ name: 'event_id', type: 'uuid' })
  eventId!: string;
  @PrimaryColumn({ type: 'int' })
  n!: number;
  @Column({ type: 'smallint' })
  state!: number;
  @Column({ type: 'smallint' })
  category!: number;
  @Column({ name: 'booking_id', type: 'uuid', nullable: true })
  bookingId!: string | null;
  @Column({ name: 'hold_until', type: 'timestamptz', nullable: true })
  holdUntil!: Date | null;
}

@Entity('price_tier')
export class PriceRow {
  @PrimaryColumn({ name: 'event_id', type: 'uuid' })
  eventId!: string;
  @PrimaryColumn({ type: 'smallint' })
  no!: number;
  @Column({ type: 'bigint' })
  price!: string;
  @Column({ type: 'smallint', nullable: true })
  category!: number | null;
}

@Entity('booking')
export class BookingRow {
  @PrimaryColumn({ name: 'event_id', type: 'uuid' })
  eventId!: string;
  @PrimaryColumn({ type: 'uuid' })
  id!: string;
  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;
  @Column({ type: 'text' })
  code!: string;
  @Column({ type: 'text' })
  status!: string;
  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;
  @Column({ name: 'held_until', type: 'timestamptz' })
  heldUntil!: Date;
  @Column({ type: 'char', length: 3 })
  currency!: string;
  @Column({ type: 'bigint' })
  total!: number;
  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}

@Entity('booking_item')
export class ItemRow {
  @PrimaryColumn({ name: 'event_id', type: 'uuid' })
  eventId!: string;
  @PrimaryColumn({ name: 'booking_id', type: 'uuid' })
  bookingId!: string;
  @PrimaryColumn({ type: 'uuid' })
  id!: string;
  @Column({ type: 'int' })
  n!: number;
  @Column({ type: 'bigint' })
  price!: number;
  @Column({ type: 'text' })
  status!: string;
}

@Entity('fact')
export class FactRow {
  // The key is made by the database; the version of a stream is as good for one that is only inserted.
  @PrimaryColumn({ name: 'stream_id', type: 'uuid' })
  streamId!: string;
  @PrimaryColumn({ type: 'int' })
  version!: number;
  @Column({ name: 'event_id', type: 'uuid' })
  eventId!: string;
  @Column({ type: 'text' })
  stream!: string;
  @Column({ type: 'text' })
  type!: string;
  @Column({ type: 'jsonb' })
  data!: object;
  @Column({ type: 'uuid' })
  actor!: string;
}

@Entity('seat_feed')
export class FeedRow {
  @PrimaryColumn({ name: 'event_id', type: 'uuid' })
  eventId!: string;
  @PrimaryColumn({ type: 'bigint' })
  seq!: number;
  @Column({ type: 'int', array: true })
  changes!: number[];
  @Column({ type: 'int', array: true })
  areas!: number[];
  @Column({ name: 'hold_until', type: 'timestamptz' })
  holdUntil!: Date;
  @Column({ name: 'price_version', type: 'int' })
  priceVersion!: number;
  @Column({ type: 'timestamptz' })
  at!: Date;
}

export const TEXTBOOK_ENTITIES = [InventoryRow, SeatRow, PriceRow, BookingRow, ItemRow, FactRow, FeedRow];
