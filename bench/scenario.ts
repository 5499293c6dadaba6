import type { Finding } from '../src/operations/invariants/invariants.repository.js';
import { median } from './stats.js';

/** One line of the table. Figures are medians of interleaved rounds; all rounds are kept. */
export interface Gate {
  readonly path: string;
  readonly against: string;
  readonly unit: string;
  readonly ours: number[];
  /** Absent where the bound is absolute. */
  readonly baseline?: number[];
  readonly bound: { readonly atLeast: number } | { readonly atMost: number };
}

export interface Options {
  readonly rounds: number;
  /** A short form that shows that everything runs; its figures mean little. */
  readonly quick: boolean;
  /** A line for the report: raw figures beside the gates. */
  note(line: string): void;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  run(options: Options): Promise<Gate[]>;
}

/** Figure that the bound applies to: Evently's relative to the baseline, or Evently's alone. */
export function figure({ ours, baseline }: Gate): number {
  return baseline ? median(ours) / median(baseline) : median(ours);
}

export function passes(gate: Gate): boolean {
  const { bound } = gate;
  return 'atLeast' in bound ? figure(gate) >= bound.atLeast : figure(gate) <= bound.atMost;
}

/** Runs the sides of a comparison in turns, so that what disturbs the machine disturbs all of them. */
export async function interleave<Side extends string>(
  rounds: number,
  sides: Record<Side, (round: number) => Promise<number>>,
): Promise<Record<Side, number[]>> {
  const names = Object.keys(sides) as Side[];
  const figures = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Side, number[]>;
  for (let round = 0; round < rounds; round++)
    for (const name of names) figures[name].push(await sides[name](round));
  return figures;
}

/** Errors when anything that may never happen has happened. */
export function assertClean(findings: readonly Finding[]): void {
  const wrong = findings.filter(({ violations }) => violations > 0);
  if (wrong.length > 0) throw new Error(`The audit found ${JSON.stringify(wrong)}`);
}

export function assertEqual(what: string, found: number, wanted: number): void {
  if (found !== wanted) throw new Error(`${what}: ${found} instead of ${wanted}`);
}
