import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { DiscrepancyStatus } from './discrepancies.repository.js';
import type { BookEntry, DiscrepancyKind } from './reconciliation.rules.js';

/** A difference between our books and a provider's. The same one is told once, also after it was resolved. */
@Entity('payment_discrepancy')
@Unique('payment_discrepancy_once', ['provider', 'ref', 'kind', 'expected', 'found'])
export class DiscrepancyEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  provider!: string;

  @Column('text')
  kind!: DiscrepancyKind;

  /** Name of the charge at the provider, or our key of it. */
  @Column('text')
  ref!: string;

  @Column('uuid', { nullable: true })
  paymentId!: string | null;

  @Column('jsonb')
  expected!: BookEntry;

  @Column('jsonb')
  found!: BookEntry;

  @Column('text')
  status!: DiscrepancyStatus;

  @Column('text', { nullable: true })
  note!: string | null;

  @Column('uuid', { nullable: true })
  resolvedBy!: string | null;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  foundAt!: Date;

  @Column('timestamptz', { nullable: true })
  resolvedAt!: Date | null;
}
