import type { Metric, Registry } from 'prom-client';

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly value: number;
  readonly labels?: Labels;
}

export interface Naming {
  /** Name with its unit: `_seconds`, `_bytes`; counters end in `_total`. */
  readonly name: string;
  readonly help: string;
}

interface NamedSample extends Sample {
  readonly metricName?: string;
}

/** Adds a metric that prom-client's registry prints; it knows every kind of metric by the same three fields. */
export function register(
  registry: Registry,
  naming: Naming,
  type: 'counter' | 'gauge' | 'histogram',
  read: () => Promise<readonly NamedSample[]> | readonly NamedSample[],
): void {
  const metric = { ...naming, get: async () => ({ ...naming, type, values: await read() }) };
  registry.registerMetric(metric as unknown as Metric);
}

/** Children are found once and then only count: prom-client's hash their labels each time, 0.8 µs against 0.01 µs. */
export class Counter {
  private readonly children = new Map<string, { labels: Labels; value: number }>();

  constructor(registry: Registry | undefined, naming: Naming) {
    if (registry) register(registry, naming, 'counter', () => [...this.children.values()]);
  }

  /** Labels must come from a small set that no client chooses. */
  child(labels: Labels = {}): (by?: number) => void {
    const child = childOf(this.children, labels, () => ({ labels, value: 0 }));
    return (by = 1) => {
      child.value += by;
    };
  }
}

interface Distribution {
  readonly labels: Labels;
  readonly counts: Float64Array;
  sum: number;
}

export class Histogram {
  private readonly children = new Map<string, Distribution>();

  constructor(
    registry: Registry | undefined,
    private readonly naming: Naming,
    private readonly buckets: readonly number[],
  ) {
    if (registry)
      register(registry, naming, 'histogram', () =>
        [...this.children.values()].flatMap((child) => this.toSamples(child)),
      );
  }

  child(labels: Labels = {}): (value: number) => void {
    const { buckets } = this;
    const child = childOf(this.children, labels, () => ({
      labels,
      counts: new Float64Array(buckets.length + 1),
      sum: 0,
    }));
    return (value) => {
      let bucket = 0;
      while (bucket < buckets.length && value > buckets[bucket]!) bucket++;
      child.counts[bucket]!++;
      child.sum += value;
    };
  }

  private toSamples({ labels, counts, sum }: Distribution): NamedSample[] {
    const { name } = this.naming;
    let count = 0;
    const buckets = [...this.buckets, '+Inf'].map((le, index) => {
      count += counts[index]!;
      return { metricName: `${name}_bucket`, labels: { ...labels, le: String(le) }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: sum },
      { metricName: `${name}_count`, labels, value: count },
    ];
  }
}

function childOf<Child>(children: Map<string, Child>, labels: Labels, make: () => Child): Child {
  return remembered(children, make)(JSON.stringify(labels));
}

/** Makes the value of each key once, for children that are found by one word. */
export const remembered =
  <T>(made: Map<string, T>, make: (key: string) => T) =>
  (key: string): T => {
    let one = made.get(key);
    if (one === undefined) {
      one = make(key);
      made.set(key, one);
    }
    return one;
  };
