import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One try to deliver a message. */
@Entity('webhook_attempt')
export class AttemptEntity {
  @PrimaryColumn('uuid')
  deliveryId!: string;

  @PrimaryColumn('timestamptz', { default: () => 'clock_timestamp()' })
  at!: Date;

  /** HTTP status of the answer; null without one. */
  @Column('int', { nullable: true })
  status!: number | null;

  @Column('text', { nullable: true })
  error!: string | null;

  @Column('int')
  milliseconds!: number;
}
