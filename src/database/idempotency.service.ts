import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/domain-error.js';
import type { IdempotentCall } from '../common/idempotent-call.js';
import { Database } from './database.service.js';
import type { Tx } from './tx.js';

const PIECE = 5_000;

interface Claim {
  same: boolean;
  subjectId: string | null;
  status: number | null;
  answer: unknown;
}

/**
 * Effects that happen once however often they are asked for. Keys are claimed in the transaction of the effect, so a
 * crash leaves none locked, and errors are not remembered.
 *
 * Errors of all: `idempotency_key_reused` for another body or route, `idempotency_in_flight` while the first request is
 * still at work (nobody waits for it).
 */
@Injectable()
export class Idempotency {
  constructor(private readonly database: Database) {}

  /**
   * Does the work and remembers its answer for 24 hours; for a key seen before gives that answer without the work.
   * @param call undefined when no request asks for it
   */
  async run<T>(tx: Tx, call: IdempotentCall | undefined, work: () => Promise<T>): Promise<T> {
    if (call?.key === undefined) return work();
    const earlier = await this.claim(tx, call);
    if (earlier) {
      if (earlier.status === null) throw new DomainError('idempotency_in_flight', { retryAfter: 1 });
      call.replayed(earlier.status);
      return earlier.answer as T;
    }
    const answer = await work();
    await tx.query(
      'UPDATE idempotency_key SET status = $3, answer = $4::jsonb WHERE user_id = $1 AND key = $2',
      [call.userId, call.key, call.status, JSON.stringify(answer ?? null)],
    );
    return answer;
  }

  /**
   * For work of more than one transaction: remembers what the key is about.
   * @returns id of the subject when the key was used before; its present state is the answer
   */
  async begin(tx: Tx, call: IdempotentCall, subjectId: string): Promise<string | undefined> {
    const earlier = await this.claim(tx, call, subjectId);
    if (!earlier) return undefined;
    call.replayed(call.status);
    return earlier.subjectId ?? undefined;
  }

  /** Keeps the answer of a call whose key was claimed before, in a transaction that has ended. */
  async remember({ userId, key }: IdempotentCall, status: number, answer: unknown): Promise<void> {
    if (key === undefined) return;
    await this.database.statement(
      'idempotency.remember',
      'UPDATE idempotency_key SET status = $3, answer = $4::jsonb WHERE user_id = $1 AND key = $2 AND status IS NULL',
      [userId, key, status, JSON.stringify(answer)],
    );
  }

  /** Forgets a key that `begin` remembered: what it began has failed and may be tried again under it. */
  async forget(tx: Tx, call: IdempotentCall): Promise<void> {
    await tx.query('DELETE FROM idempotency_key WHERE user_id = $1 AND key = $2', [call.userId, call.key]);
  }

  /** Removes keys older than 24 hours. @returns how many */
  async forgetOld(): Promise<number> {
    for (let total = 0; ; ) {
      const [row] = await this.database.statement<{ count: number }>(
        'idempotency.forget_old',
        `WITH gone AS (
           DELETE FROM idempotency_key WHERE (user_id, key) IN (
             SELECT user_id, key FROM idempotency_key
              WHERE created_at < clock_timestamp() - interval '24 hours' LIMIT $1)
           RETURNING 1)
         SELECT count(*)::int AS count FROM gone`,
        [PIECE],
      );
      total += row!.count;
      if (row!.count < PIECE) return total;
    }
  }

  /** @returns the earlier use of the key, or undefined when it is ours now or there is none */
  private async claim(
    tx: Tx,
    call: IdempotentCall,
    subjectId: string | null = null,
  ): Promise<Claim | undefined> {
    const { userId, key, route } = call;
    if (key === undefined) return undefined;
    const [lock] = await tx.query('SELECT pg_try_advisory_xact_lock(hashtextextended($1, 1)) AS won', [
      `${userId} ${key}`,
    ]);
    if (!lock.won) throw new DomainError('idempotency_in_flight', { retryAfter: 1 });
    const claimed = await tx.query(
      `INSERT INTO idempotency_key AS k (user_id, key, route, body_hash, subject_id) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (user_id, key) DO UPDATE
         SET route = excluded.route, body_hash = excluded.body_hash, subject_id = excluded.subject_id,
             status = NULL, answer = NULL, created_at = clock_timestamp()
         WHERE k.created_at < clock_timestamp() - interval '24 hours'
       RETURNING true`,
      [userId, key, route, call.fingerprint, subjectId],
    );
    if (claimed.length > 0) return undefined;
    const [earlier]: Claim[] = await tx.query(
      `SELECT body_hash = $3 AS same, subject_id AS "subjectId", status, answer
         FROM idempotency_key WHERE user_id = $1 AND key = $2`,
      [userId, key, call.fingerprint],
    );
    if (!earlier) throw new DomainError('idempotency_in_flight', { retryAfter: 1 });
    if (!earlier.same) throw new DomainError('idempotency_key_reused');
    return earlier;
  }
}
