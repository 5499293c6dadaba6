import { Inject, Injectable, Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import { CONFIG, type Config } from '../config/config.js';
import { Counter, Histogram, type Naming, register, type Sample } from './instruments.js';
import { Reading } from './reading.js';

export type { Sample } from './instruments.js';

/** Makes what features measure with. With `EVENTLY_METRICS=off` nothing of it is shown. */
@Injectable()
export class Meters {
  private readonly log = new Logger(Meters.name);
  private readonly shown: Registry | undefined;
  private readonly failures: Counter;

  constructor(registry: Registry, @Inject(CONFIG) { metrics }: Config) {
    this.shown = metrics === 'off' ? undefined : registry;
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

  /** A state of this process, looked at when it is asked for. */
  gauge(name: string, help: string, read: () => number | readonly Sample[]): void {
    if (!this.shown) return;
    register(this.shown, { name, help }, 'gauge', () => {
      const found = read();
      return typeof found === 'number' ? [{ value: found }] : found;
    });
  }

  /**
   * States of the whole installation, of one reading of the database for all of them: every replica shows the same, so
   * take their `max`, not their sum.
   * @param read samples for each name, in the order of `names`
   */
  installation(
    source: string,
    names: readonly Naming[],
    read: () => Promise<readonly (readonly Sample[])[]>,
  ): void {
    if (!this.shown) return;
    const failed = this.failures.child({ source });
    const reading = new Reading(read, (error) => {
      failed();
      this.log.warn({ err: error, source }, 'A reading for metrics failed');
    });
    names.forEach((naming, index) => {
      register(this.shown!, naming, 'gauge', async () => (await reading.take())?.[index] ?? []);
    });
  }
}
