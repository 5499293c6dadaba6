import type { SagaStep, StepOutcome } from './saga.js';
import type { Move, SagaRecord } from './sagas.repository.js';

/** Attempts at one step before an operator is asked: about twenty minutes. */
export const MAX_ATTEMPTS = 25;
const FIRST_PAUSE = 0.5;
const LONGEST_PAUSE = 60;

/** Seconds until the next attempt: twice as long each time, up to a minute. `chance` in [0, 1) spreads replicas. */
export const backoff = (attempts: number, chance: number): number =>
  Math.min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE) * (0.75 + 0.5 * chance);

type Steps = readonly SagaStep[];

/** Next move of a saga that has just been leased. */
export function beginning({ state, step, attempts }: SagaRecord, steps: Steps): Move {
  const begin = { outcome: null, reason: null, patch: {}, state, step, pause: null, name: steps[step]!.name };
  // A step that ends its process every time never reports a failure.
  if (attempts < 2 * MAX_ATTEMPTS) return begin;
  return { ...begin, state: 'stuck', outcome: 'stuck', reason: 'It was begun too often without an outcome' };
}

/** Move of a saga after an attempt at a step. */
export function moveAfter(saga: SagaRecord, steps: Steps, result: StepOutcome, chance: number): Move {
  const { state, step, attempts } = saga;
  const reason = 'reason' in result ? result.reason : null;
  const patch = ('patch' in result && result.patch) || {};
  const stay = { outcome: result.outcome, reason, patch, state, step, pause: null, name: steps[step]!.name };
  switch (result.outcome) {
    case 'more':
      return stay;
    case 'wait':
      return { ...stay, pause: result.seconds };
    case 'again':
      if (attempts >= MAX_ATTEMPTS) return { ...stay, state: 'stuck' };
      return { ...stay, pause: backoff(attempts, chance) };
    case 'stuck':
      return { ...stay, state: 'stuck' };
    case 'refused':
      if (state === 'compensating') return { ...stay, state: 'stuck' };
      return { ...stay, ...undoBefore(steps, step) };
    case 'done':
      if (state === 'compensating') return { ...stay, ...undoBefore(steps, step) };
      if (step + 1 === steps.length) return { ...stay, state: 'completed' };
      return { ...stay, step: step + 1, name: steps[step + 1]!.name };
  }
}

/** The last step before one that has something to undo. */
function undoBefore(steps: Steps, step: number): Pick<Move, 'state' | 'step' | 'name'> {
  const last = steps.slice(0, step).findLastIndex(({ undo }) => undo);
  if (last === -1) return { state: 'compensated', step: 0, name: null };
  return { state: 'compensating', step: last, name: steps[last]!.name };
}
