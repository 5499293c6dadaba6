import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { fromNow, past, toCome } from '../../platform/database/clock.js';
import type { Tx } from '../../platform/database/tx.js';
import { OneTimeTokenEntity } from './one-time-token.entity.js';

export type Purpose = 'reset' | 'verify';

/** Links sent by mail; kept as digests, deleted by their use. */
@Injectable()
export class OneTimeTokensRepository {
  constructor(
    @InjectRepository(OneTimeTokenEntity) private readonly tokens: Repository<OneTimeTokenEntity>,
  ) {}

  async insert(hash: Buffer, userId: string, purpose: Purpose, seconds: number): Promise<void> {
    await this.tokens.insert({ hash, userId, purpose, expiresAt: fromNow(seconds) });
  }

  /** Id of the token's account, as long as the token can be used. */
  async owner(hash: Buffer, purpose: Purpose): Promise<string | undefined> {
    const token = await this.tokens.findOneBy({ hash, purpose, expiresAt: toCome() });
    return token?.userId;
  }

  /** Uses the token up. @returns whose it was; undefined when it cannot be used (any more) */
  async use(tx: Tx, hash: Buffer, purpose: Purpose): Promise<string | undefined> {
    const [rows]: [{ userId: string }[]] = await tx.query(
      `DELETE FROM one_time_token WHERE hash = $1 AND purpose = $2 AND expires_at > clock_timestamp()
       RETURNING user_id AS "userId"`,
      [hash, purpose],
    );
    return rows[0]?.userId;
  }

  /** Makes all links of this person void. */
  async dropAll(tx: Tx, userId: string): Promise<void> {
    await tx.delete(OneTimeTokenEntity, { userId });
  }

  async purge(): Promise<void> {
    await this.tokens.delete({ expiresAt: past() });
  }
}
