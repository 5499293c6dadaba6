import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service.js';
import type { Tx } from '../database/tx.js';

export type Purpose = 'reset' | 'verify';

/** Links sent by mail; kept as digests, deleted by their use. */
@Injectable()
export class OneTimeTokensRepository {
  constructor(private readonly database: Database) {}

  async insert(hash: Buffer, userId: string, purpose: Purpose, seconds: number): Promise<void> {
    await this.database.statement(
      'one-time-token-insert',
      `INSERT INTO one_time_token (hash, user_id, purpose, expires_at)
       VALUES ($1, $2, $3, clock_timestamp() + make_interval(secs => $4))`,
      [hash, userId, purpose, seconds],
    );
  }

  /** Whose token this is, as long as it can be used. */
  async owner(hash: Buffer, purpose: Purpose): Promise<string | undefined> {
    const rows = await this.database.statement<{ userId: string }>(
      'one-time-token-owner',
      `SELECT user_id AS "userId" FROM one_time_token
       WHERE hash = $1 AND purpose = $2 AND expires_at > clock_timestamp()`,
      [hash, purpose],
    );
    return rows[0]?.userId;
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

  /** Links of this person lead nowhere from here on. */
  async dropAll(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM one_time_token WHERE user_id = $1', [userId]);
  }

  async purge(): Promise<void> {
    await this.database.statement(
      'one-time-token-purge',
      'DELETE FROM one_time_token WHERE expires_at < clock_timestamp()',
    );
  }
}
