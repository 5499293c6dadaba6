import { Column } from 'typeorm';

/** A row that a `LeaseWorker` works on. */
export abstract class LeasedEntity {
  @Column('int', { default: 0 })
  attempts!: number;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  dueAt!: Date;

  @Column('uuid', { nullable: true, select: false })
  lease!: string | null;

  @Column('text', { nullable: true })
  lastError!: string | null;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt!: Date;
}
