import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Outcome of one step of a saga, or of its compensation. */
@Entity('saga_step')
export class SagaStepEntity {
  @PrimaryColumn('uuid')
  sagaId!: string;

  @PrimaryColumn('smallint')
  step!: number;

  @PrimaryColumn('boolean')
  undo!: boolean;

  @Column('text')
  name!: string;

  @Column('int', { default: 1 })
  attempts!: number;

  /** Outcome; null while under way, or when the process that did it died. */
  @Column('text', { nullable: true })
  outcome!: string | null;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  begunAt!: Date;

  @Column('timestamptz', { nullable: true })
  endedAt!: Date | null;
}
