import { Column, Entity, PrimaryColumn } from 'typeorm';

/** When a job of the whole installation is due, and until when somebody has it. */
@Entity('job')
export class JobEntity {
  @PrimaryColumn('text')
  name!: string;

  @Column('timestamptz')
  dueAt!: Date;

  @Column('timestamptz')
  leasedUntil!: Date;
}
