import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Status that an act was answered with. */
@Entity('act_outcome')
export class ActOutcomeEntity {
  @PrimaryColumn('uuid')
  actId!: string;

  @Column('smallint')
  status!: number;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  at!: Date;
}
