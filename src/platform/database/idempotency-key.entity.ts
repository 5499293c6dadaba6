import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A key that a request was sent with, and its answer, for 24 hours. */
@Entity('idempotency_key')
export class IdempotencyKeyEntity {
  @PrimaryColumn('uuid')
  userId!: string;

  @PrimaryColumn('text')
  key!: string;

  @Column('text')
  route!: string;

  /** SHA-256 of route and body: another request under the same key is refused. */
  @Column('bytea')
  bodyHash!: Buffer;

  /** Stream whose present state is the answer; null where the answer itself is kept. */
  @Column('uuid', { nullable: true })
  subjectId!: string | null;

  /** HTTP status of the answer; null while under way. */
  @Column('smallint', { nullable: true })
  status!: number | null;

  @Column('jsonb', { nullable: true })
  answer!: unknown | null;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt!: Date;
}
