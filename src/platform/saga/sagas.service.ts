import { Inject, Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import { correlationId } from '../common/request-context.js';
import { CONFIG, type Config } from '../config/config.js';
import { afterCommit, type Tx } from '../database/tx.js';
import type { SagaPlan, SagaWork } from './saga.js';
import { SagaRunnerService } from './saga-runner.service.js';
import { SagaWorkerService } from './saga-worker.service.js';
import { type BegunSaga, type NewSaga, type SagaRecord, SagasRepository } from './sagas.repository.js';

export type { BegunSaga, NewSaga, SagaRecord } from './sagas.repository.js';

/**
 * Work of several steps that ends completed or undone, whatever dies on the way: each step is persisted before and
 * after, and the holder of the saga's lease continues it.
 */
@Injectable()
export class SagasService {
  constructor(
    private readonly sagas: SagasRepository,
    private readonly runner: SagaRunnerService,
    private readonly worker: SagaWorkerService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Tells what the steps of a saga do; in `onModuleInit`. */
  define<Step extends string, Data extends object = object>(
    plan: SagaPlan<Step>,
    work: Readonly<Record<Step, SagaWork<Data>>>,
  ): void {
    this.runner.define(plan, work);
  }

  /** Starts a saga in the transaction that makes it necessary. A worker goes on with it. */
  async start(tx: Tx, saga: NewSaga): Promise<void> {
    await this.sagas.start(tx, saga);
    afterCommit(tx, () => this.worker.nudge());
  }

  /** For SQL functions that start a saga with `saga_start_v1` and `run` it from here. Seconds. */
  newLease(): { id: string; lease: string; seconds: number } {
    return { id: newId(), lease: newId(), seconds: this.config.sagas.leaseMs / 1_000 };
  }

  /**
   * Continues a saga that the caller has started with a lease and with the next step begun (`saga_start_v1`). The
   * caller's data is not read again, which saves two calls of the database.
   */
  async follow(begun: BegunSaga): Promise<void> {
    const now = new Date();
    const state = { state: 'running', attempts: 1, reason: null } as const;
    const times = { dueAt: now, createdAt: now, updatedAt: now };
    await this.runner.goOn({ ...begun, ...state, ...times, correlationId: correlationId() });
  }

  /**
   * Wakes a saga with news: continues it here and now, or makes the replica that leads it look again.
   * @param news merged into its data
   * @returns as it is then
   */
  async resume(id: string, news: object = {}): Promise<SagaRecord | undefined> {
    await this.sagas.wake(id, news);
    const { lease, seconds } = this.newLease();
    const saga = await this.sagas.claim(id, lease, seconds);
    return (saga && (await this.runner.run(saga))) ?? this.sagas.find(id);
  }

  /** Wakes all sagas of a kind that are about one event; a worker continues them. */
  async wakeAll({ kind }: SagaPlan, eventId: string): Promise<void> {
    await this.sagas.wakeAll(kind, eventId);
    this.worker.nudge();
  }

  find(id: string): Promise<SagaRecord | undefined> {
    return this.sagas.find(id);
  }

  /** Makes the worker of this replica look now; for those who start sagas in SQL of their own. */
  nudge(): void {
    this.worker.nudge();
  }
}
