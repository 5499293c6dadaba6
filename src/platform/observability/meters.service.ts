import { Inject, Injectable, Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import { CONFIG, type Config } from '../config/config.js';
import { Counter, Histogram, type Naming, register, type Sample } from './instruments.js';
import { SharedRead } from './shared-read.js';

export type { Sample } from './instruments.js';

/** Creates the metrics of the features. With `EVENTLY_METRICS=off` none is shown. */
@Injectable()
export class MetersService {
  private readonly log = new Logger(MetersService.name);
  private readonly shown: Registry | undefined;
  private readonly failures: Counter;

  constructor(registry: Registry, @Inject(CONFIG) { metrics }: Pick<Config, 'metrics'>) {
    this.shown = metrics && registry;
    this.failures = this.counter(
      'evently_metrics_read_failures_total',
      'Readings for metrics that failed or came too late, by source; their metrics are absent meanwhile',
    );
  }

  get on(): boolean {
    return this.shown !== undefined;
  }

  counter(name: string, help: string): Counter {
    return new Counter(this.shown, { name, help });
  }

  histogram(name: string, help: string, buckets: readonly number[]): Histogram {
    return new Histogram(this.shown, { name, help }, buckets);
  }

  /** Adds a gauge for a state of this process, read at each scrape. */
  gauge(name: string, help: string, read: () => number | readonly Sample[]): void {
    if (!this.shown) return;
    register(this.shown, { name, help }, 'gauge', () => {
      const found = read();
      return typeof found === 'number' ? [{ value: found }] : found;
    });
  }

  /**
   * Adds gauges for states of the whole installation, which share one reading of the database. Every replica shows the
   * same values, so take their `max`, not their sum.
   * @param read samples for each name, in the order of `names`
   */
  installation(
    source: string,
    names: readonly Naming[],
    read: () => Promise<readonly (readonly Sample[])[]>,
  ): void {
    if (!this.shown) return;
    const failed = this.failures.child({ source });
    const shared = new SharedRead(read, (error) => {
      failed();
      this.log.warn({ err: error, source }, 'A reading for metrics failed');
    });
    names.forEach((naming, index) => {
      register(this.shown!, naming, 'gauge', async () => (await shared.take())?.[index] ?? []);
    });
  }
}
