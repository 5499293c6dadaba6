import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';

/** A passkey of a person: of its pair of keys the public one, which is no secret. */
@Entity('passkey')
@Unique('passkey_credential', ['credentialId'])
export class PasskeyEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  userId!: string;

  /** Name that the authenticator gave it. */
  @Column('bytea')
  credentialId!: Buffer;

  /** COSE. */
  @Column('bytea')
  publicKey!: Buffer;

  /** Uses, as the authenticator counts them. Many, such as those that synchronise, always say 0. */
  @Column('bigint')
  counter!: string;

  /** Ways to its authenticator: `internal`, `hybrid`, `usb`. */
  @Column('text', { array: true })
  transports!: string[];

  /** Whether it is kept on several devices of its person. */
  @Column('boolean')
  synced!: boolean;

  @Column('text')
  name!: string;

  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  createdAt!: Date;

  @Column('timestamptz', { nullable: true })
  lastUsedAt!: Date | null;
}
