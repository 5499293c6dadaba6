import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Finding } from './invariants.repository.js';

/** The last look of the whole installation at its invariants: one row. */
@Entity('audit_look')
export class AuditLookEntity {
  @PrimaryColumn('boolean')
  one!: true;

  @Column('timestamptz')
  at!: Date;

  /** Time that the look took. */
  @Column('float8')
  seconds!: number;

  @Column('jsonb')
  findings!: readonly Finding[];
}
