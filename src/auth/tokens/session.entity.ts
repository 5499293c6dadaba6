import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A login of one person on one device. */
@Entity('session')
export class SessionEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  userId!: string;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt!: Date;

  /** Moment at which the session ends unless it is refreshed. */
  @Column('timestamptz', { default: () => "(clock_timestamp() + '30 days')" })
  expiresAt!: Date;

  @Column('timestamptz', { nullable: true })
  revokedAt!: Date | null;
}
