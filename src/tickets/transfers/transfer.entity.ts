import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TransferState } from './transfers.repository.js';

/** A ticket that is offered from one person to another. */
@Entity('ticket_transfer')
export class TransferEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  eventId!: string;

  @Column('uuid')
  ticketId!: string;

  @Column('uuid')
  fromId!: string;

  /** Address of the receiver; null when it is over, since nobody's address is kept without need. */
  @Column('text', { nullable: true })
  toEmail!: string | null;

  @Column('text', { default: 'offered' })
  state!: TransferState;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('timestamptz')
  expiresAt!: Date;
}
