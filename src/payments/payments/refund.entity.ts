import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { numeric } from '../../platform/database/columns.js';
import { VersionedEntity } from '../../platform/database/versioned.entity.js';
import type { RefundStatus } from './payments.repository.js';

/** Money that goes back to a buyer. */
@Entity('refund')
@Unique('refund_idempotency_key', ['key'])
export class RefundEntity extends VersionedEntity {
  @PrimaryColumn('uuid')
  id!: string;

  /** Payment that is given back; null when nothing had been paid. */
  @Column('uuid', { nullable: true })
  paymentId!: string | null;

  @Column('uuid')
  eventId!: string;

  @Column('uuid')
  bookingId!: string;

  /** Minor units that go back; the rest of the items' price is kept. */
  @Column('bigint', { transformer: numeric })
  amount!: number;

  /** Price of the items in minor units. */
  @Column('bigint', { transformer: numeric })
  price!: number;

  @Column('char', { length: 3 })
  currency!: string;

  /** Items that are cancelled when it succeeds; none for goodwill. */
  @Column('uuid', { array: true })
  items!: string[];

  /** Cause of the refund; for goodwill the tickets stay valid. */
  @Column('text')
  cause!: 'buyer' | 'organizer' | 'event' | 'goodwill';

  /** Saga that pays it back. */
  @Column('uuid')
  sagaId!: string;

  @Column('text', { default: 'created' })
  status!: RefundStatus;

  /** Key under which the provider refunds once, however often it is asked. */
  @Column('text', { name: 'idempotency_key' })
  key!: string;

  /** Name of the refund at the provider. */
  @Column('text', { nullable: true, name: 'provider_ref' })
  ref!: string | null;

  @Column('text', { nullable: true })
  failure!: string | null;

  /** Way in which an operator has ended the refund; null while it is handled with the provider. */
  @Column('text', { nullable: true })
  settled!: 'paid_elsewhere' | 'not_owed' | null;

  @Column('uuid', { nullable: true })
  settledBy!: string | null;

  @Column('text', { nullable: true })
  settledNote!: string | null;
}
