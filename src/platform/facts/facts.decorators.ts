import type { Tx } from '../database/tx.js';
import type { Fact, FactPattern, Matching } from './fact-map.js';

export const ON_FACT = 'evently:on-fact';
export const ON_FACT_EVERYWHERE = 'evently:on-fact-everywhere';

export interface OnFactOptions {
  /** Names the cursor; a new name is a new handler. */
  name: string;
  /** First fact of a new handler: the first ever (default) or the first from now on. */
  from?: 'beginning' | 'now';
}

export interface OnFactMetadata extends OnFactOptions {
  patterns: string[];
  /** The method takes many facts at once. */
  together?: true;
}

/**
 * Calls the method for each matching fact in order, **once in all replicas**: what it does with `tx` commits together
 * with its cursor. Nothing but `tx` may be touched. A fact that fails ten times parks its stream for this handler.
 */
export function OnFact<P extends FactPattern>(patterns: P | readonly P[], options: OnFactOptions) {
  return (
    _target: object,
    _key: string,
    method: TypedPropertyDescriptor<(tx: Tx, fact: Fact<Matching<P>>) => Promise<void>>,
  ): void => Reflect.defineMetadata(ON_FACT, { ...options, patterns: [patterns].flat() }, method.value!);
}

/**
 * Like `OnFact`, for handlers that process many facts as cheaply as one: calls the method with up to a thousand facts,
 * in order. The cut into calls has no meaning. If a call fails, each of its facts is tried alone.
 */
export function OnFacts<P extends FactPattern>(patterns: P | readonly P[], options: OnFactOptions) {
  return (
    _target: object,
    _key: string,
    method: TypedPropertyDescriptor<(tx: Tx, facts: readonly Fact<Matching<P>>[]) => Promise<void>>,
  ): void =>
    Reflect.defineMetadata(
      ON_FACT,
      { ...options, patterns: [patterns].flat(), together: true },
      method.value!,
    );
}

/**
 * Calls the method for each matching fact from now on, on **every** replica and outside of any transaction: for
 * caches and sockets. At most once: an error is logged, a restart begins anew.
 */
export function OnFactEverywhere<P extends FactPattern>(patterns: P | readonly P[]) {
  return (
    _target: object,
    _key: string,
    method: TypedPropertyDescriptor<(fact: Fact<Matching<P>>) => void>,
  ): void => Reflect.defineMetadata(ON_FACT_EVERYWHERE, [patterns].flat(), method.value!);
}
