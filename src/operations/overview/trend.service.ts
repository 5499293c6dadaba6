import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Every } from '../../platform/jobs/jobs.decorators.js';
import { type Reading, SLOTS, since, slotOf, together } from './trend.rules.js';

const HOLDS = 'evently_holds_total';
const ANSWERS = 'evently_http_request_duration_seconds';

/** Outcomes of requests for holds that are no refusals. */
const HELD = new Set(['held', 'replayed']);

interface Metric {
  get(): Promise<{
    values: { value: number; labels: Record<string, string>; metricName?: string }[];
  }>;
}

/** The last hours of this process, from its own metrics: they are kept in memory and end with it. */
@Injectable()
export class TrendService {
  /** By the beginning of its slot. */
  private readonly slots = new Map<number, Reading>();
  private last: Reading | undefined;

  constructor(private readonly registry: Registry) {}

  @Every({ name: 'overview.trend', seconds: 15, everywhere: true })
  async follow(): Promise<void> {
    const now = await this.read();
    if (!now) return;
    const slot = slotOf(Date.now());
    this.slots.set(slot, together(this.slots.get(slot), since(this.last, now)));
    this.last = now;
    // Oldest first: a map keeps the order of insertion.
    for (const old of this.slots.keys()) if (this.slots.size > SLOTS) this.slots.delete(old);
  }

  /** Undefined for a time before this process, and while metrics are off. */
  at(slot: number): Reading | undefined {
    return this.slots.get(slot);
  }

  private async read(): Promise<Reading | undefined> {
    const [holds, answers] = [HOLDS, ANSWERS].map(
      (name) => this.registry.getSingleMetric(name) as unknown as Metric | undefined,
    );
    if (!holds || !answers) return undefined;
    const refused = (await holds.get()).values.filter(({ labels }) => !HELD.has(labels.outcome!));
    const byEnd = new Map<number, number>();
    for (const { metricName, labels, value } of (await answers.get()).values) {
      if (metricName !== `${ANSWERS}_bucket` || !labels.route!.startsWith('/api/')) continue;
      const end = Number(labels.le!.replace('+Inf', 'Infinity'));
      byEnd.set(end, (byEnd.get(end) ?? 0) + value);
    }
    return {
      refused: refused.reduce((sum, { value }) => sum + value, 0),
      answers: [...byEnd].sort(([one], [other]) => one - other),
    };
  }
}
