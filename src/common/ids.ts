import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';

/** A UUIDv7: sorts by the time it was made, so that indexes grow at their end. */
export const newId = (): string => v7();

// Without vowels and look-alikes: no words, nothing to confuse when read aloud.
const ALPHABET = '23456789BCDFGHJKLMNPQRSTVWXZ';
const POOL_SIZE = 4096;
let pool = Buffer.alloc(0);
let used = 0;

/** A booking code for people, e.g. `K7RM-2XQF`: 28^8 (3.8e11) possible. */
export function newBookingCode(): string {
  let code = '';
  while (code.length < 9) {
    if (used >= pool.length) {
      pool = randomBytes(POOL_SIZE);
      used = 0;
    }
    const byte = pool[used++]! & 31;
    if (byte >= ALPHABET.length) continue;
    if (code.length === 4) code += '-';
    code += ALPHABET[byte];
  }
  return code;
}
