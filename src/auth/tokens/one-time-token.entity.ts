import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Purpose } from './one-time-tokens.repository.js';

/** A link sent by mail, or one step of a login, which its use deletes. */
@Entity('one_time_token')
export class OneTimeTokenEntity {
  /** SHA-256 of the token; the token itself is only in the mail, or with who logs in. */
  @PrimaryColumn('bytea')
  hash!: Buffer;

  /** Null in a step of a login in which nobody is known yet. */
  @Column('uuid', { nullable: true })
  userId!: string | null;

  @Column('text')
  purpose!: Purpose;

  @Column('timestamptz')
  expiresAt!: Date;

  /** Facts that the next step has to know. */
  @Column('jsonb', { default: {} })
  data!: Record<string, unknown>;
}
