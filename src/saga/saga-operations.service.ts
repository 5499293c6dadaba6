import { Injectable, Logger } from '@nestjs/common';
import { z } from 'zod';
import { DomainError } from '../common/domain-error.js';
import { decodeCursor, encodeCursor } from '../common/schemas.js';
import { Meters } from '../observability/meters.service.js';
import { SagaRunner } from './saga-runner.service.js';
import { SagaWorker } from './saga-worker.service.js';
import { type SagaRecord, SagasRepository } from './sagas.repository.js';
import type { SagaBody, SagaPage, SagaQuery } from './sagas.schemas.js';

const position = z.tuple([z.uuid()]);

/** What operators see of sagas, and do with them. */
@Injectable()
export class SagaOperations {
  private readonly log = new Logger(SagaOperations.name);

  constructor(
    private readonly sagas: SagasRepository,
    private readonly runner: SagaRunner,
    private readonly worker: SagaWorker,
    meters: Meters,
  ) {
    meters.installation(
      'sagas',
      [
        {
          name: 'evently_sagas',
          help: 'Sagas that are not at their end, by kind and state; stuck ones wait for an operator',
        },
        {
          name: 'evently_saga_overdue_seconds',
          help: 'For how long the saga of a kind that is due the longest has waited to be led on',
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
  async list({ limit, cursor, ...filter }: SagaQuery): Promise<SagaPage> {
    const before = cursor === undefined ? null : decodeCursor(cursor, position)[0];
    const rows = await this.sagas.list(filter, limit + 1, before);
    const shown = rows.slice(0, limit);
    return {
      data: shown.map((saga) => this.summary(saga)),
      next: rows.length > limit ? encodeCursor([shown.at(-1)!.id]) : null,
    };
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
