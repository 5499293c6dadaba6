import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A stream that one handler could not get past. Later facts of it wait; other streams and handlers go on. */
@Entity('fact_parked')
export class ParkedStreamEntity {
  @PrimaryColumn('text')
  handler!: string;

  @PrimaryColumn('text')
  stream!: string;

  @PrimaryColumn('uuid')
  streamId!: string;

  /** Version of the fact that failed. */
  @Column('int')
  version!: number;

  @Column('int')
  attempts!: number;

  @Column('text')
  error!: string;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  parkedAt!: Date;

  /** Moment of the next try; null when it waits for an operator. */
  @Column('timestamptz', { nullable: true })
  retryAt!: Date | null;
}
