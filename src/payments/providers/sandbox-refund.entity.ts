import { Column, Entity, PrimaryColumn } from 'typeorm';
import { numeric } from '../../platform/database/columns.js';

/** A refund in the ledger of the sandbox. */
@Entity('sandbox_refund')
export class SandboxRefundEntity {
  @PrimaryColumn('text')
  key!: string;

  @Column('text')
  chargeKey!: string;

  /** Minor units. */
  @Column('bigint', { transformer: numeric })
  amount!: number;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt!: Date;
}
