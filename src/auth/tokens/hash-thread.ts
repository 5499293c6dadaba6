import { hashSync, verifySync } from '@node-rs/argon2';
import { yieldToRequests } from '../../platform/common/thread-priority.js';

// Argon2id (the library's default kind) with the least cost that OWASP accepts: about 15 ms of one core and 19 MiB.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

yieldToRequests();

export const hash = (password: string | Uint8Array): string => hashSync(password, COST);

export const verify = ({ hash, password }: { hash: string; password: string }): boolean =>
  verifySync(hash, password);
