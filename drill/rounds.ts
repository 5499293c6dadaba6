import { setTimeout as sleep } from 'node:timers/promises';
import { percentiles } from '../test/support/load.js';
import { Heard } from './asker.js';
import type { Stand } from './stand.js';
import { VICTIMS, type Victim } from './victims.js';

const BEFORE_MS = 2_000;
const AFTER_MS = 2_000;

export interface Round {
  readonly victim: string;
  /** The longest time in which nothing took effect. */
  readonly silence: number;
  readonly ms: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly heard: Record<string, number>;
  /** One line for each thing that is wrong. */
  readonly wrong: readonly string[];
  readonly seconds: number;
}

/** People buy, something dies or stands still, people go on; then everything is looked at. */
export async function runRound(stand: Stand, victim: Victim): Promise<Round> {
  const began = performance.now();
  const heard = new Heard();
  const buyers = stand.open(heard);
  await sleep(BEFORE_MS * (0.5 + Math.random()));
  await victim.strike(stand);
  await sleep(AFTER_MS);
  await buyers.stop();
  const wrong = await stand.prove(heard);
  return {
    victim: victim.name,
    silence: heard.silence,
    ms: percentiles(heard.done.map(({ ms }) => ms)),
    heard: heard.answers,
    wrong,
    seconds: (performance.now() - began) / 1_000,
  };
}

/** @returns how many rounds left something wrong */
export async function runRounds(
  stand: Stand,
  count: number,
  wanted: (name: string) => boolean,
  say: (line: string) => void,
): Promise<number> {
  const victims = VICTIMS.filter(({ name }) => wanted(name));
  let failed = 0;
  for (let round = 0; round < count; round++) {
    await stand.openNext();
    const result = await runRound(stand, victims[round % victims.length]!);
    if (result.wrong.length > 0) failed++;
    say(`round ${round + 1}; acknowledged so far: ${list(stand.ledger.counts)}`);
    for (const line of report(result)) say(line);
  }
  return failed;
}

export function report({ victim, wrong, silence, ms, heard, seconds }: Round): string[] {
  const end = wrong.length > 0 ? 'failed' : 'ok';
  return [
    `  ${end.padEnd(8)}${victim.padEnd(50)}nothing for ${silence} ms, p50 ${ms.p50} p99 ${ms.p99} max ${ms.max} ms, ${seconds.toFixed(1)} s`,
    `          heard ${list(heard)}`,
    ...wrong.map((line) => `          WRONG ${line}`),
  ];
}

const list = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([what, times]) => `${what} ${times}`)
    .join(', ');
