import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Purpose } from './one-time-tokens.repository.js';

/** A link sent by mail, which its use deletes. */
@Entity('one_time_token')
export class OneTimeTokenEntity {
  /** SHA-256 of the token; the token itself is only in the mail. */
  @PrimaryColumn('bytea')
  hash!: Buffer;

  @Column('uuid')
  userId!: string;

  @Column('text')
  purpose!: Purpose;

  @Column('timestamptz')
  expiresAt!: Date;
}
