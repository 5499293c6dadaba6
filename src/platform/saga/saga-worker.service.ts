import { Inject, Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import { CONFIG, type Config } from '../config/config.js';
import { OnDuty } from '../jobs/duty.decorators.js';
import { LeaseWorker } from '../jobs/lease-worker.js';
import { SagaRunnerService } from './saga-runner.service.js';
import { type SagaRecord, SagasRepository } from './sagas.repository.js';

/** Sagas that a replica works on at once; most of the time they wait for a provider. */
const AT_ONCE = 8;

/** Continues due sagas: new ones, paused ones, and those whose replica died. A shutdown waits for the steps under way. */
@Injectable()
export class SagaWorkerService extends LeaseWorker<SagaRecord> {
  constructor(
    private readonly sagas: SagasRepository,
    private readonly runner: SagaRunnerService,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    super(AT_ONCE);
  }

  @OnDuty('sagas')
  override start(): void {
    super.start();
  }

  protected claim(room: number): Promise<SagaRecord[]> {
    return this.sagas.claimDue(newId(), this.config.sagas.leaseMs / 1_000, room);
  }

  protected async work(saga: SagaRecord): Promise<void> {
    await this.runner.run(saga);
  }
}
