import { Injectable, Logger } from '@nestjs/common';
import { DomainError } from '../common/domain-error.js';
import { readPageById } from '../common/pages.js';
import { MetersService } from '../observability/meters.service.js';
import { SagaRunnerService } from './saga-runner.service.js';
import { SagaWorkerService } from './saga-worker.service.js';
import { type SagaRecord, SagasRepository } from './sagas.repository.js';
import type { SagaBody, SagaPage, SagaQuery } from './sagas.schemas.js';

/** Sagas as operators see them and act on them. */
@Injectable()
export class SagaOperationsService {
  private readonly log = new Logger(SagaOperationsService.name);

  constructor(
    private readonly sagas: SagasRepository,
    private readonly runner: SagaRunnerService,
    private readonly worker: SagaWorkerService,
    meters: MetersService,
  ) {
    meters.installation(
      'sagas',
      [
        {
          name: 'evently_sagas',
          help: 'Sagas that have not ended, by kind and state; stuck ones wait for an operator',
        },
        {
          name: 'evently_saga_overdue_seconds',
          help: 'Seconds that the longest overdue saga of each kind has waited for a worker',
        },
      ],
      async () => {
        const found = await this.sagas.countOpen();
        const kinds = [...new Set(found.map(({ kind }) => kind))];
        const longest = (kind: string) =>
          Math.max(...found.map((group) => (group.kind === kind ? group.overdue : 0)));
        return [
          found.map(({ kind, state, count }) => ({ labels: { kind, state }, value: count })),
          kinds.map((kind) => ({ labels: { kind }, value: longest(kind) })),
        ];
      },
    );
  }

  /** Newest first. Errors: `invalid_cursor`. */
  async list(query: SagaQuery): Promise<SagaPage> {
    const page = await readPageById(query, (count, before) => this.sagas.list(query, count, before));
    return { ...page, data: page.data.map((saga) => this.summary(saga)) };
  }

  /** Errors: `not_found`. */
  async read(id: string): Promise<SagaBody> {
    const saga = await this.sagas.find(id);
    if (!saga) throw new DomainError('not_found');
    const steps = await this.sagas.steps(id);
    return {
      ...this.summary(saga),
      data: saga.data as Record<string, unknown>,
      steps: steps.map((step) => ({
        ...step,
        begunAt: step.begunAt.toISOString(),
        endedAt: step.endedAt?.toISOString() ?? null,
      })),
    };
  }

  /** Goes on now, with the step it is at. Errors: `not_found`, `saga_ended`. */
  async retry(id: string): Promise<SagaBody> {
    const retried = await this.sagas.retry(id);
    if (!retried && (await this.sagas.find(id))) throw new DomainError('saga_ended');
    this.worker.nudge();
    if (retried) this.log.log({ saga: id }, 'A saga is retried by an operator');
    return this.read(id);
  }

  /** How many wait for a decision. */
  async stuck(): Promise<number> {
    const open = await this.sagas.countOpen();
    return open.reduce((sum, { state, count }) => sum + (state === 'stuck' ? count : 0), 0);
  }

  private summary({ data: _, lease: __, actor: ___, ...saga }: SagaRecord): SagaPage['data'][number] {
    return {
      ...saga,
      step: saga.dueAt || saga.state === 'stuck' ? this.runner.stepName(saga) : null,
      dueAt: saga.dueAt?.toISOString() ?? null,
      createdAt: saga.createdAt.toISOString(),
      updatedAt: saga.updatedAt.toISOString(),
    };
  }
}
