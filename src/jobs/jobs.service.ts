import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { newId } from '../common/ids.js';
import { runInContext } from '../common/request-context.js';
import { EVERY, type EveryOptions } from './jobs.decorators.js';
import { JobsRepository } from './jobs.repository.js';

type Job = EveryOptions & { run: () => Promise<unknown> };

/** Runs the `@Every` methods of all providers while the application is up. */
@Injectable()
export class Jobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(Jobs.name);
  private readonly stopping = new AbortController();
  private running: Promise<void>[] = [];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly jobs: JobsRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.found().map((job) => this.repeat(job));
  }

  /** Waits for the runs under way. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running);
  }

  private async repeat(job: Job): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      // Jittered, so that replicas started together do not ask together for ever.
      const pause = job.seconds * 1_000 * (0.9 + 0.2 * Math.random());
      await sleep(pause, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      await runInContext({ correlationId: `${job.name}-${newId()}` }, () => this.runOnce(job));
    }
  }

  private async runOnce(job: Job): Promise<void> {
    try {
      if (job.everywhere) {
        await job.run();
      } else if (await this.jobs.take(job.name, job.seconds)) {
        await job.run().finally(() => this.jobs.finish(job.name));
      }
    } catch (error) {
      this.log.warn({ err: error, job: job.name }, 'A job failed; it runs again when it is due');
    }
  }

  private found(): Job[] {
    return this.discovery.getProviders().flatMap(({ instance }) => {
      const prototype = instance && typeof instance === 'object' && Object.getPrototypeOf(instance);
      if (!prototype || prototype === Object.prototype) return [];
      return this.scanner.getAllMethodNames(prototype).flatMap((method) => {
        const options: EveryOptions | undefined = Reflect.getMetadata(EVERY, prototype[method]);
        return options ? [{ ...options, run: instance[method].bind(instance) }] : [];
      });
    });
  }
}
