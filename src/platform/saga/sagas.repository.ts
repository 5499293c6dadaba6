import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';
import { correlationId } from '../common/request-context.js';
import { DatabaseService } from '../database/database.service.js';
import type { Tx } from '../database/tx.js';
import { SagaEntity } from './saga.entity.js';
import type { SagaState } from './saga.js';
import type { SagaStepEntity } from './saga-step.entity.js';

export type SagaRecord = Omit<SagaEntity, 'woken' | 'backwards'>;

export type StepRecord = Omit<SagaStepEntity, 'sagaId' | 'step'>;

export interface NewSaga {
  readonly id: string;
  readonly kind: string;
  readonly subjectId: string;
  readonly eventId: string | null;
  readonly data: object;
  readonly actor: string | null;
}

/** New saga that its caller leads from the start. */
export interface BegunSaga extends NewSaga {
  readonly lease: string;
  /** Index of the step that has begun. */
  readonly step: number;
}

/** Change of a saga after an attempt at a step. */
export interface Move {
  /** Null at the very beginning of a step. */
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly patch: object;
  readonly state: SagaState;
  readonly step: number;
  /** Seconds until the saga is continued; null: the holder of the lease continues at once. */
  readonly pause: number | null;
  /** Name of the step that begins then. */
  readonly name: string | null;
}

const COLUMNS = `id, kind, subject_id AS "subjectId", event_id AS "eventId", state, step, attempts, data, reason, lease,
  due_at AS "dueAt", actor, correlation_id AS "correlationId", created_at AS "createdAt", updated_at AS "updatedAt"`;

type Row = SagaRecord & Record<string, unknown>;

/** Sagas and the outcomes of their steps; see the functions in the migration. */
@Injectable()
export class SagasRepository {
  constructor(
    @InjectRepository(SagaEntity) private readonly sagas: Repository<SagaEntity>,
    private readonly database: DatabaseService,
  ) {}

  async start(tx: Tx, saga: NewSaga): Promise<void> {
    await tx.query('SELECT saga_start_v1($1, $2, $3, $4, $5, NULL, NULL, 0, $6, $7)', [
      saga.id,
      saga.kind,
      saga.subjectId,
      saga.eventId,
      JSON.stringify(saga.data),
      saga.actor,
      correlationId(),
    ]);
  }

  async find(id: string): Promise<SagaRecord | undefined> {
    const rows = await this.database.statement<Row>(
      'saga.find',
      `SELECT ${COLUMNS} FROM saga WHERE id = $1`,
      [id],
    );
    return rows[0];
  }

  /** Leases up to `limit` sagas that are due. */
  claimDue(lease: string, seconds: number, limit: number): Promise<SagaRecord[]> {
    return this.database.statement<Row>(
      'saga.claim_due',
      `SELECT ${COLUMNS} FROM saga_claim_v1(NULL, $1, $2, $3)`,
      [lease, seconds, limit],
    );
  }

  /** Leases one, due or not; undefined when it is at its end or another one holds it. */
  async claim(id: string, lease: string, seconds: number): Promise<SagaRecord | undefined> {
    const rows = await this.database.statement<Row>(
      'saga.claim',
      `SELECT ${COLUMNS} FROM saga_claim_v1($1, $2, $3, 1)`,
      [id, lease, seconds],
    );
    return rows[0];
  }

  /** @returns undefined when the lease was lost, and nothing was changed */
  async settle(id: string, lease: string, seconds: number, move: Move): Promise<SagaRecord | undefined> {
    const rows = await this.database.statement<Row>(
      'saga.settle',
      `SELECT ${COLUMNS} FROM saga_settle_v1($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        id,
        lease,
        seconds,
        move.outcome,
        move.reason,
        JSON.stringify(move.patch),
        move.state,
        move.step,
        move.pause,
        move.name,
      ],
    );
    return rows[0];
  }

  /** Makes a saga due now, or, while somebody works on it, as soon as that pauses. `news` is merged into its data. */
  async wake(id: string, news: object): Promise<void> {
    await this.database.statement(
      'saga.wake',
      `UPDATE saga SET woken = true, data = data || $2, due_at = CASE WHEN lease IS NULL THEN clock_timestamp() ELSE due_at END
       WHERE id = $1 AND due_at IS NOT NULL`,
      [id, JSON.stringify(news)],
    );
  }

  /** The same for all of a kind that are about one event. */
  async wakeAll(kind: string, eventId: string): Promise<void> {
    await this.database.statement(
      'saga.wake_all',
      `UPDATE saga SET woken = true, due_at = CASE WHEN lease IS NULL THEN clock_timestamp() ELSE due_at END
       WHERE kind = $1 AND event_id = $2 AND due_at IS NOT NULL`,
      [kind, eventId],
    );
  }

  /** Continues a stuck or paused saga now, where it was. @returns false when the saga has ended */
  async retry(id: string): Promise<boolean> {
    const [row] = await this.database.statement<{ retried: boolean }>(
      'saga.retry',
      'SELECT saga_retry_v1($1) AS retried',
      [id],
    );
    return row!.retried;
  }

  /** Newest first. */
  list(
    { state, kind, subjectId }: { state?: SagaState; kind?: string; subjectId?: string },
    limit: number,
    before: string | null,
  ): Promise<SagaRecord[]> {
    return this.sagas.find({
      where: {
        ...(state && { state }),
        ...(kind !== undefined && { kind }),
        ...(subjectId && { subjectId }),
        ...(before !== null && { id: LessThan(before) }),
      },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  /** In the order they were begun. */
  steps(id: string): Promise<StepRecord[]> {
    return this.database.statement<StepRecord & Record<string, unknown>>(
      'saga.steps',
      `SELECT name, undo, attempts, outcome, reason, begun_at AS "begunAt", ended_at AS "endedAt"
       FROM saga_step WHERE saga_id = $1 ORDER BY undo, CASE WHEN undo THEN -step ELSE step END`,
      [id],
    );
  }

  /**
   * Deletes ended sagas that were begun so many days ago, with their steps. Sagas that a refund names are kept with the
   * refund.
   * @returns how many
   */
  async forget(days: number, limit: number): Promise<number> {
    const rows = await this.database.statement(
      'saga.forget',
      `DELETE FROM saga WHERE id IN (
         SELECT id FROM saga s WHERE state IN ('completed', 'compensated')
           AND greatest(created_at, updated_at) < clock_timestamp() - make_interval(days => $1)
           AND NOT EXISTS (SELECT FROM refund r WHERE r.saga_id = s.id) LIMIT $2) RETURNING 1`,
      [days, limit],
    );
    return rows.length;
  }

  /** How many are not at their end, by kind and state, and for how many seconds the longest of them has been due. */
  countOpen(): Promise<{ kind: string; state: string; count: number; overdue: number }[]> {
    return this.database.statement(
      'saga.count_open',
      `SELECT kind, state, count(*)::int AS count,
         coalesce(greatest(0, extract(epoch FROM clock_timestamp() - min(due_at))), 0)::float8 AS overdue FROM saga
       WHERE due_at IS NOT NULL OR state = 'stuck' GROUP BY kind, state`,
    );
  }
}
