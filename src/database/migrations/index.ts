import { Foundation1700000000000 } from './1700000000000-foundation.js';
import { Venues1700000002000 } from './1700000002000-venues.js';

/** In the order they apply. */
export const migrations = [Foundation1700000000000, Venues1700000002000];
