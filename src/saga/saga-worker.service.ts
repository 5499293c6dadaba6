import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { newId } from '../common/ids.js';
import { Wake } from '../common/wake.js';
import { CONFIG, type Config } from '../config/config.js';
import { SagaRunner } from './saga-runner.service.js';
import { type SagaRecord, SagasRepository } from './sagas.repository.js';

const POLL_MS = 1_000;
/** Sagas that a replica works on at once; most of the time they wait for a provider. */
const AT_ONCE = 8;

/** Goes on with what is due: new sagas, those that paused, and those whose replica died. */
@Injectable()
export class SagaWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(SagaWorker.name);
  private readonly wake = new Wake();
  private readonly working = new Set<Promise<void>>();
  private readonly seconds: number;
  private stopping = false;
  private looping: Promise<void> | undefined;

  constructor(
    private readonly sagas: SagasRepository,
    private readonly runner: SagaRunner,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.seconds = config.sagaLeaseMs / 1_000;
  }

  onApplicationBootstrap(): void {
    if (this.config.sagaWorker) this.looping = this.loop();
  }

  /** Waits for the steps under way; what comes after them another replica does. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.wake.ring();
    await this.looping;
    await Promise.all(this.working);
  }

  nudge(): void {
    this.wake.ring();
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      const claimed = await this.claim();
      if (claimed === 0) await this.wake.wait(POLL_MS);
    }
  }

  private async claim(): Promise<number> {
    const room = AT_ONCE - this.working.size;
    if (room === 0) return 0;
    try {
      const due = await this.sagas.claimDue(newId(), this.seconds, room);
      for (const saga of due) this.work(saga);
      return due.length;
    } catch (error) {
      this.log.warn({ err: error }, 'Sagas cannot be read right now');
      return 0;
    }
  }

  private work(saga: SagaRecord): void {
    const work = this.runner
      .run(saga)
      .then(
        () => {},
        (error) => this.log.warn({ err: error, saga: saga.id }, 'A saga was interrupted; its lease runs out'),
      )
      .finally(() => {
        this.working.delete(work);
        this.wake.ring();
      });
    this.working.add(work);
  }
}
