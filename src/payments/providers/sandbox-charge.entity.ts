import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { numeric } from '../../platform/database/columns.js';
import type { Charge } from './payment-provider.js';
import type { Behaviour } from './sandbox.cards.js';

/** A charge in the ledger of the sandbox. */
@Entity('sandbox_charge')
@Unique('sandbox_charge_ref', ['ref'])
export class SandboxChargeEntity {
  @PrimaryColumn('text')
  key!: string;

  @Column('text')
  ref!: string;

  /** Minor units. */
  @Column('bigint', { transformer: numeric })
  amount!: number;

  @Column('char', { length: 3 })
  currency!: string;

  @Column('text')
  behaviour!: Behaviour;

  @Column('text')
  state!: Charge['state'];

  @Column('text', { nullable: true })
  reason!: string | null;

  /** Minor units. */
  @Column('bigint', { transformer: numeric, default: 0 })
  refunded!: number;

  /** Times that it was asked for under its key. */
  @Column('int', { default: 1 })
  asked!: number;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt!: Date;
}
