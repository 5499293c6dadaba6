import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { type DecoratedMethod, decoratedMethods } from '../common/decorated-methods.js';
import { newId } from '../common/ids.js';
import { runInContext } from '../common/request-context.js';
import type { Histogram } from '../observability/instruments.js';
import { MetersService } from '../observability/meters.service.js';
import { DutiesService } from './duties.service.js';
import { EVERY, type EveryOptions } from './jobs.decorators.js';
import { JobsRepository, RENEWAL_MS } from './jobs.repository.js';

type Job = DecoratedMethod<EveryOptions>;

/** Runs the `@Every` methods that are this replica's to run while the application is up. */
@Injectable()
export class JobsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(JobsService.name);
  private readonly stopping = new AbortController();
  private running: Promise<void>[] = [];
  private readonly seconds: Histogram;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly jobs: JobsRepository,
    private readonly duties: DutiesService,
    meters: MetersService,
  ) {
    this.seconds = meters.histogram(
      'evently_job_seconds',
      'Time of a run of a periodic job on this replica, by task and outcome: done, failed',
      [0.01, 0.1, 1, 10, 100],
    );
  }

  onApplicationBootstrap(): void {
    // One listener for each job that sleeps; Node takes more than ten for a leak.
    setMaxListeners(0, this.stopping.signal);
    const jobs = decoratedMethods<EveryOptions>(this.discovery, EVERY);
    this.running = jobs.filter((job) => this.isMine(job)).map((job) => this.repeat(job));
  }

  /** Waits for the runs under way. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running);
  }

  private isMine({ metadata: { everywhere, duty } }: Job): boolean {
    if (everywhere && !duty) return true;
    return this.duties.mine.has(duty ?? 'jobs');
  }

  private async repeat(job: Job): Promise<void> {
    const { name, seconds } = job.metadata;
    const { signal } = this.stopping;
    for (;;) {
      // Jittered, so that replicas started together do not ask together for ever.
      const pause = seconds * 1_000 * (0.9 + 0.2 * Math.random());
      await sleep(pause, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      await runInContext({ correlationId: `${name}-${newId()}` }, () => this.runOnce(job));
    }
  }

  private async runOnce({ metadata: { name, seconds, everywhere }, call }: Job): Promise<void> {
    const began = performance.now();
    const took = (outcome: string) =>
      this.seconds.child({ task: name, outcome })((performance.now() - began) / 1_000);
    try {
      if (everywhere) {
        await call();
      } else {
        const run = await this.jobs.take(name, seconds);
        if (!run) return;
        await this.keep(name, run, call);
      }
      took('done');
    } catch (error) {
      took('failed');
      this.log.warn({ err: error, job: name }, 'A job failed; it runs again when it is due');
    }
  }

  private async keep(name: string, run: string, call: () => Promise<void>): Promise<void> {
    const renewing = setInterval(() => void this.jobs.renew(name, run).catch(() => {}), RENEWAL_MS);
    try {
      await call();
    } finally {
      clearInterval(renewing);
      await this.jobs.finish(name, run);
    }
  }
}
