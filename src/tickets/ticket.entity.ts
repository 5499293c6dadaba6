import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** The right to one item of a booking. Whether it is good is read from its item, so that none outlives it. */
@Entity('ticket')
@Unique('ticket_of_item', ['eventId', 'bookingId', 'itemId'])
export class TicketEntity {
  @PrimaryColumn('uuid')
  eventId!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  bookingId!: string;

  @Column('uuid')
  itemId!: string;

  /** Code for people, for when a QR code cannot be read. */
  @Column('text')
  code!: string;

  @Column('uuid')
  holderId!: string;

  /** Part of the token: a transfer makes the tokens before it worthless. */
  @Column('smallint', { default: 1 })
  generation!: number;

  /** Moment of the scan that let its holder in; null outside. */
  @Column('timestamptz', { nullable: true })
  checkedInAt!: Date | null;

  @Column('text', { nullable: true })
  gate!: string | null;

  @Column('int', { default: 1 })
  version!: number;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  issuedAt!: Date;
}
