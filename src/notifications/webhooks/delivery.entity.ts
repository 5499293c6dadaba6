import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { LeasedEntity } from '../../platform/jobs/leased.entity.js';
import type { DeliveryState } from './deliveries.repository.js';

/** A message to a webhook. */
@Entity('webhook_delivery')
@Unique('webhook_delivery_once', ['webhookId', 'pos'])
export class DeliveryEntity extends LeasedEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  webhookId!: string;

  /** Position of the fact as text, below zero for a ping: messages of one stream are told in this order. */
  @Column('bigint', { select: false })
  pos!: string;

  @Column('uuid', { select: false })
  streamId!: string;

  @Column('text')
  type!: string;

  /** Text that is signed and sent as it is. */
  @Column('text')
  body!: string;

  @Column('text', { default: 'pending' })
  state!: DeliveryState;

  @Column('int', { nullable: true })
  lastStatus!: number | null;

  @Column('timestamptz', { nullable: true })
  deliveredAt!: Date | null;
}
