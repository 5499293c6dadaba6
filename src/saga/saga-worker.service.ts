import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import { CONFIG, type Config } from '../config/config.js';
import { OnDuty } from '../jobs/duty.decorators.js';
import { WorkLoop } from '../jobs/work-loop.js';
import { SagaRunner } from './saga-runner.service.js';
import { type SagaRecord, SagasRepository } from './sagas.repository.js';

/** Sagas that a replica works on at once; most of the time they wait for a provider. */
const AT_ONCE = 8;

/** Goes on with what is due: new sagas, those that paused, and those whose replica died. */
@Injectable()
export class SagaWorker implements BeforeApplicationShutdown {
  private readonly loop: WorkLoop<SagaRecord>;

  constructor(sagas: SagasRepository, runner: SagaRunner, @Inject(CONFIG) config: Config) {
    this.loop = new WorkLoop({
      what: 'sagas',
      atOnce: AT_ONCE,
      claim: (room) => sagas.claimDue(newId(), config.sagaLeaseMs / 1_000, room),
      work: async (saga) => {
        await runner.run(saga);
      },
    });
  }

  @OnDuty('sagas')
  start(): void {
    this.loop.start();
  }

  /** Waits for the steps under way; what comes after them another replica does. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
    await this.loop.drained();
  }

  nudge(): void {
    this.loop.nudge();
  }
}
