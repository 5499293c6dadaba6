/** Outcome of an attempt at a step. */
export type StepOutcome<Data = object> =
  /** Done; its results are merged into the saga's data. */
  | { readonly outcome: 'done'; readonly patch?: Partial<Data> }
  /** A part is done: the step is called again at once, with the merged data. */
  | { readonly outcome: 'more'; readonly patch: Partial<Data> }
  /** Not known or not possible yet: tried again later, each time after a longer pause. */
  | { readonly outcome: 'again'; readonly reason: string }
  /** Somebody else has to act first: tried again when woken, or after this many seconds. */
  | {
      readonly outcome: 'wait';
      readonly seconds: number;
      readonly reason: string;
      readonly patch?: Partial<Data>;
    }
  /** The step cannot be done and has changed nothing: the earlier steps are undone, last step first. */
  | { readonly outcome: 'refused'; readonly reason: string; readonly patch?: Partial<Data> }
  /** Only an operator can help. */
  | { readonly outcome: 'stuck'; readonly reason: string };

export const done = <Data>(patch?: Partial<Data>): StepOutcome<Data> =>
  patch ? { outcome: 'done', patch } : { outcome: 'done' };
export const more = <Data>(patch: Partial<Data>): StepOutcome<Data> => ({ outcome: 'more', patch });
export const again = (reason: string): StepOutcome<never> => ({ outcome: 'again', reason });
export const wait = <Data>(seconds: number, reason: string, patch?: Partial<Data>): StepOutcome<Data> => ({
  outcome: 'wait',
  seconds,
  reason,
  ...(patch && { patch }),
});
/**
 * For an outcome that must become known, such as that of a payment: asked again soon, and then every minute. Providers
 * may be away for hours, so no operator is called for that.
 */
export const untilKnown = (attempt: number, reason: string): StepOutcome<never> =>
  attempt < 8 ? again(reason) : wait(60, reason);
export const refused = <Data>(reason: string, patch?: Partial<Data>): StepOutcome<Data> => ({
  outcome: 'refused',
  reason,
  ...(patch && { patch }),
});
export const stuck = (reason: string): StepOutcome<never> => ({ outcome: 'stuck', reason });

/** A saga as its steps see it. */
export interface SagaRun<Data> {
  readonly id: string;
  /** For functions that change the database in a step: `saga_guard_v1(id, lease)` refuses whoever lost the lead. */
  readonly lease: string;
  readonly subjectId: string;
  readonly eventId: string | null;
  readonly data: Readonly<Data>;
  /** From 1. More than 1: an earlier attempt may have had its effect. */
  readonly attempt: number;
  readonly actor: string | null;
  /** Why it is being undone. */
  readonly reason: string | null;
}

/**
 * A saga's kind and the names of its steps in their order, as the database has them. A saga under way goes on at the
 * index of its step, so steps may be added at the end only, or under another kind.
 */
export interface SagaPlan<Step extends string = string> {
  readonly kind: string;
  readonly steps: readonly Step[];
}

/**
 * Work of one step. `run` and `undo` may be called any number of times and must take effect once; an exception counts
 * as `again`. Both must end within the lease (`EVENTLY_SAGA_LEASE_MS`).
 */
export interface SagaWork<Data> {
  run(saga: SagaRun<Data>): Promise<StepOutcome<Data>>;
  /** Takes back what `run` did; absent where nothing is to be taken back. `refused` is not an answer here. */
  undo?(saga: SagaRun<Data>): Promise<StepOutcome<Data>>;
}

export interface SagaStep extends SagaWork<object> {
  readonly name: string;
}

export const SAGA_STATES = ['running', 'compensating', 'completed', 'compensated', 'stuck'] as const;
export type SagaState = (typeof SAGA_STATES)[number];
