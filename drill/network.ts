import { setTimeout as sleep } from 'node:timers/promises';
import { percentiles } from '../test/support/load.js';
import type { TcpProxy } from '../test/support/tcp-proxy.js';
import { Heard } from './asker.js';
import { type Round, report } from './rounds.js';
import type { Stand } from './stand.js';

export const ENGINES = ['PostgreSQL', 'Redis', 'RabbitMQ'] as const;
export type Engine = (typeof ENGINES)[number];

/** Fault of the network between the replicas and an engine. */
export interface Fault {
  readonly name: string;
  /** How long it does so. */
  readonly ms: number;
  /** Called once, or again and again with `everyMs`. */
  strike(line: TcpProxy): void;
  readonly everyMs?: number;
}

const HALVES_MS = 5_000;
const half = (direction: 'up' | 'down', after: 'cut' | 'stall'): Fault => ({
  name: `${direction === 'up' ? 'questions' : 'answers'} by half, then ${after === 'cut' ? 'reset' : 'silence'}`,
  ms: HALVES_MS,
  everyMs: 250,
  strike: (line) => line.half(direction, after),
});

export const NETWORK_FAULTS: readonly Fault[] = [
  { name: 'cut once', ms: 0, strike: (line) => line.cut('accept') },
  { name: 'cut for 3 s', ms: 3_000, strike: (line) => line.cut('refuse') },
  { name: 'cut for 3 s, new ones hang', ms: 3_000, strike: (line) => line.cut('hang') },
  { name: '200 ms late', ms: 5_000, strike: (line) => line.delay(100) },
  { name: '2 s late', ms: 8_000, strike: (line) => line.delay(1_000) },
  half('up', 'cut'),
  half('down', 'cut'),
  half('up', 'stall'),
  half('down', 'stall'),
  { name: 'frozen for 10 s', ms: 10_000, strike: (line) => line.freeze() },
];

/** People buy while the network to one engine fails; then everything is looked at. */
export async function runFault(stand: Stand, engine: Engine, fault: Fault): Promise<Round> {
  const began = performance.now();
  const heard = new Heard();
  const lines = stand.lines[engine];
  const buyers = stand.open(heard);
  await sleep(1_500);
  const end = Date.now() + fault.ms;
  do {
    for (const line of lines) fault.strike(line);
    await sleep(fault.everyMs ?? fault.ms);
  } while (fault.everyMs && Date.now() < end);
  for (const line of lines) line.pass();
  await sleep(1_500);
  await buyers.stop();
  const wrong = await stand.prove(heard);
  for (const what of Object.keys(heard.answers))
    if (what.startsWith('none')) wrong.push(`a replica that lives did not answer: ${what}`);
  return {
    victim: `${engine}: ${fault.name}`,
    silence: heard.silence,
    ms: percentiles(heard.done.map(({ ms }) => ms)),
    heard: heard.answers,
    wrong,
    seconds: (performance.now() - began) / 1_000,
  };
}

/** @returns how many faults left something wrong */
export async function runNetwork(
  stand: Stand,
  wanted: (name: string) => boolean,
  say: (line: string) => void,
): Promise<number> {
  let failed = 0;
  for (const engine of ENGINES)
    for (const fault of NETWORK_FAULTS.filter(({ name }) => wanted(`${engine}: ${name}`))) {
      await stand.openNext();
      const result = await runFault(stand, engine, fault);
      if (result.wrong.length > 0) failed++;
      for (const line of report(result)) say(line);
    }
  return failed;
}
