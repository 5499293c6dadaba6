import { Column, Entity, PrimaryColumn } from 'typeorm';
import { LeasedEntity } from '../jobs/leased.entity.js';
import type { MailState } from './mails.repository.js';

/** A mail that waits, or what became of it. */
@Entity('mail')
export class MailEntity extends LeasedEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  kind!: string;

  @Column('uuid')
  userId!: string;

  /** Ids that its text is made from, when it is sent and when an operator looks at it. */
  @Column('jsonb')
  data!: object;

  /** One of very many: it waits behind those that one person is waiting for. */
  @Column('boolean', { select: false })
  bulk!: boolean;

  @Column('timestamptz', { nullable: true, select: false })
  usefulUntil!: Date | null;

  @Column('text', { default: 'pending' })
  state!: MailState;

  @Column('timestamptz', { nullable: true })
  settledAt!: Date | null;
}
