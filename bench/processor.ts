import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { median } from './stats.js';

/** Seconds of a tick of USER_HZ, which is 100 on every Linux. */
const TICK = 0.01;

/** Seconds that a process with all its threads has computed (Linux). */
export function processorTime(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name before may hold anything, also spaces and brackets.
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) * TICK;
}

/** Seconds that all cores together have been busy. */
function machineTime(): number {
  const busy = cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq);
  return busy.reduce((a, b) => a + b, 0) / 1000;
}

/** µs of the processors for each piece of work: of one process, and of everything else on the machine. */
export interface Cost {
  readonly process: number;
  readonly others: number;
}

/** Begins to count. @returns what it has cost since, for each of so many pieces of work */
export function countCost(pid: number): (pieces: number) => Cost {
  const [process, machine] = [processorTime(pid), machineTime()];
  return (pieces) => {
    const own = processorTime(pid) - process;
    const each = (seconds: number) => (seconds * 1_000_000) / pieces;
    return { process: each(own), others: each(machineTime() - machine - own) };
  };
}

/** Medians, for the report. */
export function costEach(costs: readonly Cost[]): string {
  const of = (part: keyof Cost) => Math.round(median(costs.map((cost) => cost[part])));
  return `${of('process')} µs in our process, ${of('others')} µs elsewhere (PostgreSQL, the load)`;
}
