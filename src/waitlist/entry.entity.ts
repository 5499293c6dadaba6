import { Column, Entity, Generated, PrimaryColumn } from 'typeorm';
import { numeric } from '../platform/database/columns.js';
import type { EntryState } from './entry.rules.js';

/** A place in the line for an event that is sold out. Its row may lag behind its deadline: `EntryRecord` is what it is now. */
@Entity('waitlist_entry')
export class EntryEntity {
  @PrimaryColumn('uuid')
  eventId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  /** 64-bit number as text; grows in the order in which people joined. */
  @Generated()
  @Column('bigint')
  place!: string;

  @Column('uuid')
  userId!: string;

  @Column('int')
  quantity!: number;

  /** Smallest number of seats that would do. */
  @Column('int')
  minQuantity!: number;

  @Column('boolean')
  together!: boolean;

  @Column('boolean')
  accessible!: boolean;

  /** Indexes into the plan's categories; null: any, empty: none. */
  @Column('smallint', { array: true, nullable: true })
  categories!: number[] | null;

  /** Indexes into the plan's areas; null: any, empty: none. */
  @Column('smallint', { array: true, nullable: true })
  areas!: number[] | null;

  /** Highest price of one seat or place in minor units. */
  @Column('bigint', { transformer: numeric, nullable: true })
  maxPrice!: number | null;

  @Column('text', { default: 'waiting' })
  state!: EntryState;

  /** Times that freed seats which it could have used went to others since it last had its turn. */
  @Column('int', { default: 0 })
  bypassed!: number;

  /** Moment until which freed seats are collected for it; of one entry of an event at a time. */
  @Column('timestamptz', { nullable: true })
  collectingUntil!: Date | null;

  /** Hold that was offered to it last. */
  @Column('uuid', { nullable: true })
  bookingId!: string | null;

  @Column('timestamptz', { nullable: true })
  offeredAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  offerUntil!: Date | null;

  @Column('int', { default: 1 })
  version!: number;

  @Column('timestamptz')
  joinedAt!: Date;
}
