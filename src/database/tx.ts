import type { EntityManager } from 'typeorm';

declare const open: unique symbol;

/** An open transaction. What must run inside of one takes it as its first argument. */
export type Tx = EntityManager & { readonly [open]: true };
