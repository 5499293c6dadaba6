import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { InvariantsService } from '../src/operations/invariants/invariants.service.js';
import type { FaultName, Strike } from './faults.js';
import { PROOF } from './proof.js';
import type { Stage } from './stage.js';
import type { Story } from './stories.js';

export interface Result {
  readonly story: string;
  readonly strike: Strike;
  /** `not reached`: the fault has no place there, as a lost answer in a step that asks nobody. */
  readonly end: 'ok' | 'not reached' | 'failed';
  readonly problem?: string;
  readonly seconds: number;
}

/** The healthy replica's connections are cut as well, and its pool has to notice before it is asked for help. */
const NOTICED_MS = 300;

/** One fault at one place of a story; then everything is finished by a healthy replica and looked at. */
export async function runCell(stage: Stage, story: Story, strike: Strike): Promise<Result> {
  const began = performance.now();
  const result = { story: story.name, strike };
  const seconds = () => (performance.now() - began) / 1_000;
  try {
    await story.play(stage, () => stage.arm(strike));
    const struck = await strikes(stage, strike.fault);
    if (strike.fault === 'disconnect') await sleep(NOTICED_MS);
    await stage.heal();
    await assertSound(stage);
    if (!struck && !mayMiss(strike.fault)) throw new Error('The fault never struck');
    return { ...result, end: struck ? 'ok' : 'not reached', seconds: seconds() };
  } catch (error) {
    return { ...result, end: 'failed', problem: (error as Error).message, seconds: seconds() };
  }
}

/** Whether a fault needs a call of the provider to strike, which not every step makes. */
const mayMiss = (fault: FaultName): boolean => fault === 'timeout' || fault === 'double answer';

/** The work may go on behind the answer to the request. */
async function strikes(stage: Stage, fault: FaultName): Promise<boolean> {
  const patience = mayMiss(fault) ? 500 : 5_000;
  for (const end = Date.now() + patience; Date.now() < end; await sleep(50))
    if (await stage.struck()) return true;
  return false;
}

/** No money without ticket, no ticket without money, no seat stuck. */
async function assertSound({ app }: Stage): Promise<void> {
  const { rows: wrong } = await app.db.query(PROOF);
  if (wrong.length > 0) throw new Error(`Money and tickets differ: ${JSON.stringify(wrong)}`);
  const { rows: stuck } = await app.db.query(`SELECT id, kind, reason FROM saga WHERE state = 'stuck'`);
  if (stuck.length > 0) throw new Error(`Stuck: ${JSON.stringify(stuck)}`);
  const found = (await app.nest.get(InvariantsService).run()).filter(({ violations }) => violations > 0);
  if (found.length > 0) throw new Error(`The audit found ${JSON.stringify(found)}`);
}
