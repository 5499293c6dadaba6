import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { fromNow, past, toCome } from '../../platform/database/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { OneTimeTokenEntity } from './one-time-token.entity.js';

/** `reset` and `verify` are links in mails, the others steps of a login. */
export type Purpose = 'reset' | 'verify' | 'second_factor' | 'identity' | 'identity_code' | PasskeyPurpose;
/** Challenges of passkeys: one is made, somebody logs in with one, or proves again who they are. */
export type PasskeyPurpose = 'passkey_new' | 'passkey_login' | 'passkey_proof';

/** A token that can still be used. */
export interface OneTimeToken {
  readonly userId: string | null;
  readonly data: Record<string, unknown>;
}

/** Tokens that work once: links sent by mail, and steps of logins. Kept as digests, deleted by their use. */
@Injectable()
export class OneTimeTokensRepository {
  constructor(
    @InjectRepository(OneTimeTokenEntity) private readonly tokens: Repository<OneTimeTokenEntity>,
  ) {}

  async insert(
    hash: Buffer,
    userId: string | null,
    purpose: Purpose,
    seconds: number,
    data: Record<string, unknown> = {},
  ): Promise<void> {
    await this.tokens.insert({ hash, userId, purpose, expiresAt: fromNow(seconds), data: data as object });
  }

  /** The token as long as it can be used, which this leaves so. */
  async find(hash: Buffer, purpose: Purpose): Promise<OneTimeToken | null> {
    return this.tokens.findOneBy({ hash, purpose, expiresAt: toCome() });
  }

  /** Uses the token up. @returns undefined when it cannot be used (any more) */
  async use(tx: Tx, hash: Buffer, purpose: Purpose): Promise<OneTimeToken | undefined> {
    const [rows]: [OneTimeToken[]] = await tx.query(
      `DELETE FROM one_time_token WHERE hash = $1 AND purpose = $2 AND expires_at > clock_timestamp()
       RETURNING user_id AS "userId", data`,
      [hash, purpose],
    );
    return rows[0];
  }

  /** Makes all links and begun logins of this person void. */
  async dropAll(tx: Tx, userId: string): Promise<void> {
    await tx.delete(OneTimeTokenEntity, { userId });
  }

  async purge(): Promise<void> {
    await this.tokens.delete({ expiresAt: past() });
  }
}
