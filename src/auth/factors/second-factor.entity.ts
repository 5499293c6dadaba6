import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The authenticator app of a person. */
@Entity('second_factor')
export class SecondFactorEntity {
  @PrimaryColumn('uuid')
  userId!: string;

  /** 20 random bytes that the app knows as well. */
  @Column('bytea')
  secret!: Buffer;

  /** Number of the 30 seconds since 1970 whose code was used last: none works twice. */
  @Column('bigint', { default: 0 })
  lastStep!: string;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt!: Date;

  /** Null: the app has shown no right code yet, so that logins do not ask for one. */
  @Column('timestamptz', { nullable: true })
  confirmedAt!: Date | null;
}
