import assert from 'node:assert/strict';
import type { TestApp } from './app.js';

export interface Series {
  /** As printed: name and labels. */
  readonly series: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Metrics as Prometheus would read them now. */
export async function scrape(app: Pick<TestApp, 'client'>): Promise<Series[]> {
  const { status, body } = await app.client().get('//metrics');
  assert.equal(status, 200);
  return (body as string).split('\n').flatMap((line) => {
    const [, series, name, labels, value] = /^(([a-z_:]+)(?:\{(.*)\})?) (\S+)$/.exec(line) ?? [];
    if (!series) return [];
    const pairs = (labels ?? '').matchAll(/(\w+)="([^"]*)"/g);
    return [
      {
        series,
        name: name!,
        labels: Object.fromEntries(Array.from(pairs, ([, k, v]) => [k, v])),
        value: Number(value),
      },
    ];
  });
}

/** Value of the one series that has these labels; undefined when there is none. */
export function figureOf(
  series: readonly Series[],
  name: string,
  labels: Record<string, string> = {},
): number | undefined {
  const found = series.filter(
    (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
  );
  assert.ok(found.length <= 1, `${name} ${JSON.stringify(labels)} is ${found.length} series`);
  return found[0]?.value;
}
