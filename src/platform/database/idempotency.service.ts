import { Injectable } from '@nestjs/common';
import { CallResult } from '../common/call-result.js';
import { DomainError } from '../common/domain-error.js';
import type { IdempotentCall } from '../common/idempotent-call.js';
import { LOCK_SEEDS } from './advisory-locks.js';
import { DatabaseService } from './database.service.js';
import type { Tx } from './tx.js';

const PURGE_BATCH_ROWS = 5_000;

interface Claim {
  same: boolean;
  subjectId: string | null;
  status: number | null;
  answer: unknown;
}

/**
 * Effects that happen once, however often they are requested. Keys are claimed in the transaction of the effect, so a
 * crash leaves no key locked, and errors are not remembered.
 *
 * Errors of all: `idempotency_key_reused` for another body or route, `idempotency_in_flight` while the first request is
 * still at work (nobody waits for it).
 */
@Injectable()
export class IdempotencyService {
  constructor(private readonly database: DatabaseService) {}

  /**
   * Does the work and remembers its answer for 24 hours; for a key seen before gives that answer without the work.
   */
  async run<T>(tx: Tx, call: IdempotentCall | undefined, work: () => Promise<T>): Promise<CallResult<T>> {
    if (!call) return new CallResult(await work());
    const earlier = await this.claim(tx, call);
    if (earlier) {
      if (earlier.status === null) throw new DomainError('idempotency_in_flight', { retryAfter: 1 });
      return new CallResult(earlier.answer as T, { replayed: true });
    }
    const answer = await work();
    await tx.query(
      'UPDATE idempotency_key SET status = $3, answer = $4::jsonb WHERE user_id = $1 AND key = $2',
      [call.userId, call.key, call.status, JSON.stringify(answer ?? null)],
    );
    return new CallResult(answer);
  }

  /**
   * For work of more than one transaction: remembers what the key is about.
   * @returns id of the subject when the key was used before; its present state is the answer
   */
  async begin(tx: Tx, call: IdempotentCall | undefined, subjectId: string): Promise<string | undefined> {
    const earlier = call && (await this.claim(tx, call, subjectId));
    return earlier?.subjectId ?? undefined;
  }

  /** Keeps the answer of a call whose key was claimed before, in a transaction that has ended. */
  async remember(call: IdempotentCall | undefined, answer: unknown): Promise<void> {
    if (!call) return;
    await this.database.statement(
      'idempotency.remember',
      'UPDATE idempotency_key SET status = $3, answer = $4::jsonb WHERE user_id = $1 AND key = $2 AND status IS NULL',
      [call.userId, call.key, call.status, JSON.stringify(answer)],
    );
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
        [PURGE_BATCH_ROWS],
      );
      total += row!.count;
      if (row!.count < PURGE_BATCH_ROWS) return total;
    }
  }

  /** @returns the earlier use of the key, or undefined when it is ours now */
  private async claim(
    tx: Tx,
    call: IdempotentCall,
    subjectId: string | null = null,
  ): Promise<Claim | undefined> {
    const { userId, key, route } = call;
    const [lock] = await tx.query('SELECT pg_try_advisory_xact_lock(hashtextextended($1, $2)) AS won', [
      `${userId} ${key}`,
      LOCK_SEEDS.idempotencyKey,
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
