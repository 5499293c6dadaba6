import { Foundation1700000000000 } from './1700000000000-foundation.js';

/** In the order they apply. */
export const migrations = [Foundation1700000000000];
