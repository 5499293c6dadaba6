import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SagaState } from './saga.js';

/** Long-running work in persisted steps. */
@Entity('saga')
export class SagaEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  kind!: string;

  /** Id of the booking, event or other object that the saga is about. */
  @Column('uuid')
  subjectId!: string;

  @Column('uuid', { nullable: true })
  eventId!: string | null;

  @Column('text', { default: 'running' })
  state!: SagaState;

  /** Index of the step to do or undo next. */
  @Column('smallint', { default: 0 })
  step!: number;

  /** Times that this step has been begun. */
  @Column('int', { default: 0 })
  attempts!: number;

  @Column('jsonb')
  data!: object;

  @Column('text', { nullable: true })
  reason!: string | null;

  /**
   * Time at which a replica should continue the saga; while leased, the end of the lease; null when the saga has ended.
   */
  @Column('timestamptz', { nullable: true })
  dueAt!: Date | null;

  /** Name of the lease while somebody works on it. */
  @Column('uuid', { nullable: true })
  lease!: string | null;

  /** Whether news came while somebody was at work on it. */
  @Column('boolean', { default: false, select: false })
  woken!: boolean;

  /** Whether it got stuck while it was being undone. */
  @Column('boolean', { default: false, select: false })
  backwards!: boolean;

  @Column('uuid', { nullable: true })
  actor!: string | null;

  @Column('text', { nullable: true })
  correlationId!: string | null;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  updatedAt!: Date;
}
