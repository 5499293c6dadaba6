import type { EntityManager } from 'typeorm';

declare const open: unique symbol;

/** An open transaction. Functions that must run inside one take it as their first argument. */
export type Tx = EntityManager & { readonly [open]: true };

const callbacks = new WeakMap<Tx, (() => void)[]>();

/** Runs once the transaction has committed, and never when it has not: others are told only what is true. */
export function afterCommit(tx: Tx, callback: () => void): void {
  const list = callbacks.get(tx);
  if (list) list.push(callback);
  else callbacks.set(tx, [callback]);
}

/** For whoever owns the transaction, right after its commit. */
export function committed(tx: Tx): void {
  for (const callback of callbacks.get(tx) ?? []) callback();
}
