import type { Duty } from './duties.rules.js';

export const EVERY = 'evently:every';

export interface EveryOptions {
  /** Names the job in the database and the logs. */
  name: string;
  seconds: number;
  /** On each replica instead of on one of them. */
  everywhere?: boolean;
  /** On replicas that have it only. `jobs` unless the job is done everywhere. */
  duty?: Duty;
}

/** Calls the method again and again, never while an earlier call still runs. An error is logged and changes nothing. */
export const Every =
  (options: EveryOptions) =>
  <T>(_target: object, _key: string, method: TypedPropertyDescriptor<() => Promise<T>>): void =>
    Reflect.defineMetadata(EVERY, options, method.value!);
