import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { numeric } from '../../platform/database/columns.js';
import { VersionedEntity } from '../../platform/database/versioned.entity.js';
import type { NextAction } from '../providers/payment-providers.service.js';
import type { PaymentStatus } from './payments.repository.js';

/** One try to pay a booking; its id is that of the checkout which makes it. */
@Entity('payment')
@Unique('payment_idempotency_key', ['key'])
export class PaymentEntity extends VersionedEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  eventId!: string;

  @Column('uuid')
  bookingId!: string;

  @Column('uuid')
  userId!: string;

  @Column('text')
  provider!: string;

  @Column('text')
  method!: string;

  /** Minor units. */
  @Column('bigint', { transformer: numeric })
  amount!: number;

  @Column('char', { length: 3 })
  currency!: string;

  @Column('text', { default: 'created' })
  status!: PaymentStatus;

  /** Key under which the provider charges once, however often it is asked. */
  @Column('text', { name: 'idempotency_key' })
  key!: string;

  /** Name of the charge at the provider, once it has told it. */
  @Column('text', { nullable: true, name: 'provider_ref' })
  ref!: string | null;

  /** Step that the buyer has to take before the payment goes on. */
  @Column('jsonb', { nullable: true })
  nextAction!: NextAction | null;

  @Column('text', { nullable: true })
  failure!: string | null;
}
