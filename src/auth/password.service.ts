import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { DomainError } from '../common/domain-error.js';
import { HashQueue } from './hash-queue.js';
import { passwordProblem } from './password.rules.js';

// Argon2id (the library's default kind) with the least cost that OWASP accepts: about 15 ms of one core and 19 MiB.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

// Two of the four threads of libuv's pool, so that a rush of logins leaves the rest to files and DNS, and one core to
// requests. 200 waiting are about two seconds of work.
const queue = new HashQueue(2, 200);

@Injectable()
export class PasswordService {
  // Stands in for the hash of an account that does not exist, so that refusing it takes as long.
  private readonly nobody = hash(randomBytes(16), COST);

  /** Errors: `overloaded` (503). */
  hash(password: string): Promise<string> {
    return queue.run(() => hash(canonical(password), COST));
  }

  /** Takes the same time with and without a hash to compare to. Errors: `overloaded` (503). */
  async matches(passwordHash: string | null | undefined, password: string): Promise<boolean> {
    const against = passwordHash ?? (await this.nobody);
    const equal = await queue.run(() => verify(against, canonical(password)));
    return equal && passwordHash != null;
  }

  /** Errors: `password_unacceptable` (422). */
  assertAcceptable(password: string, email: string): void {
    const message = passwordProblem(password, email);
    if (message) throw new DomainError('password_unacceptable', { errors: [{ path: 'password', message }] });
  }
}

/** Keyboards write the same character in different ways. */
const canonical = (password: string): string => password.normalize('NFKC');
