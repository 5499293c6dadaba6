import { type BeforeApplicationShutdown, Inject, Injectable, Logger, Optional } from '@nestjs/common';
import { databaseErrorCode, isFailing } from '../common/database-errors.js';
import { CONFIG, type Config } from '../config/config.js';
import { follow, traced } from '../observability/tracing.js';
import {
  again,
  type SagaPlan,
  type SagaRun,
  type SagaStep,
  type SagaWork,
  type StepOutcome,
  wait,
} from './saga.js';
import { beginning, moveAfter } from './saga.rules.js';
import { SAGA_PROBE, type SagaProbe } from './saga-probe.js';
import { type Move, type SagaRecord, SagasRepository } from './sagas.repository.js';

/** SQLSTATE of `saga_guard_v1`. */
const LEASE_LOST = 'EV001';
/** Seconds until a step that a failing database interrupted is tried again. */
const OUTAGE_PAUSE = 5;

/** Leads a leased saga from step to step until it ends, pauses, or somebody else leads it. */
@Injectable()
export class SagaRunnerService implements BeforeApplicationShutdown {
  private readonly log = new Logger(SagaRunnerService.name);
  /** By kind. */
  private readonly steps = new Map<string, readonly SagaStep[]>();
  private readonly leaseSeconds: number;
  private stopping = false;

  constructor(
    private readonly sagas: SagasRepository,
    @Inject(CONFIG) config: Config,
    @Optional() @Inject(SAGA_PROBE) private readonly probe: SagaProbe | undefined,
  ) {
    this.leaseSeconds = config.sagas.leaseMs / 1_000;
  }

  /** @throws Error when the kind is defined already */
  define<Step extends string, Data extends object>(
    { kind, steps }: SagaPlan<Step>,
    work: Readonly<Record<Step, SagaWork<Data>>>,
  ): void {
    if (this.steps.has(kind)) throw new Error(`Two sagas are named ${kind}`);
    this.steps.set(
      kind,
      steps.map((name) => ({ ...(work[name] as SagaWork<object>), name })),
    );
  }

  /** Name of the step that a saga is at; null when this release does not know it. */
  stepName({ kind, step }: Pick<SagaRecord, 'kind' | 'step'>): string | null {
    return this.steps.get(kind)?.[step]?.name ?? null;
  }

  /** The saga as it was when this replica let go of it; undefined when somebody else leads it now. */
  async run(leased: SagaRecord): Promise<SagaRecord | undefined> {
    const begun = await this.settle(leased, beginning(leased, this.stepsOf(leased)));
    return begun && this.goOn(begun);
  }

  /** Runs a saga whose next step has already begun; otherwise as `run`. */
  goOn(begun: SagaRecord): Promise<SagaRecord | undefined> {
    const steps = this.stepsOf(begun);
    return follow(begun.correlationId ?? begun.id, `saga ${begun.kind}`, {}, async () => {
      let saga: SagaRecord | undefined = begun;
      while (saga?.lease) {
        const step = steps[saga.step]!;
        const undo = saga.state === 'compensating';
        const result = await traced(`${undo ? 'undo' : 'step'} ${step.name}`, {}, () =>
          this.attempt(saga!, step, undo),
        );
        if (!result) return undefined;
        saga = await this.settle(saga, moveAfter(saga, steps, result, Math.random()));
      }
      return saga;
    });
  }

  /** From now on sagas pause after the step under way. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
  }

  private stepsOf({ kind }: SagaRecord): readonly SagaStep[] {
    const steps = this.steps.get(kind);
    if (!steps) throw new Error(`No saga is named ${kind}: it belongs to another release`);
    return steps;
  }

  private settle(saga: SagaRecord, move: Move): Promise<SagaRecord | undefined> {
    const { id, kind } = saga;
    if (move.state === 'stuck')
      this.log.error({ saga: id, kind, step: move.name, reason: move.reason }, 'A saga is stuck');
    const pause = this.stopping && move.outcome !== null ? (move.pause ?? 0) : move.pause;
    return this.sagas.settle(id, saga.lease!, this.leaseSeconds, { ...move, pause });
  }

  /** @returns undefined when the lease was lost on the way */
  private async attempt(saga: SagaRecord, step: SagaStep, undo: boolean): Promise<StepOutcome | undefined> {
    const { kind, state: _, attempts: attempt, ...rest } = saga;
    const run: SagaRun<object> = { ...rest, lease: saga.lease!, attempt };
    try {
      await this.probe?.before(kind, step.name, undo);
      const result = await (undo ? step.undo!(run) : step.run(run));
      await this.probe?.after(kind, step.name, undo);
      return result;
    } catch (error) {
      if (databaseErrorCode(error) === LEASE_LOST) return undefined;
      this.log.warn({ err: error, saga: saga.id, kind, step: step.name, attempt }, 'A step of a saga failed');
      // A full disk is no fault of the saga, and does not count against it.
      if (isFailing(error)) return wait(OUTAGE_PAUSE, error instanceof Error ? error.message : String(error));
      return again(error instanceof Error ? error.message : String(error));
    }
  }
}
