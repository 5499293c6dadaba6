import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/domain-error.js';
import { HashQueue } from './hash-queue.js';
import { HashThreads } from './hash-threads.js';
import { passwordProblem } from './password.rules.js';

/**
 * Two at most, and one core stays for requests: a rush of logins may be slow, but it must not make buyers wait. Each has its
 * next password at hand: a thread that waits for the event loop to hand it over idled for a third of the time.
 */
export const HASH_THREADS = Math.max(1, Math.min(2, availableParallelism() - 1));
const threads = new HashThreads(HASH_THREADS);
// As many as are done in two or three seconds may wait.
const queue = new HashQueue(2 * HASH_THREADS, 99 * HASH_THREADS);

@Injectable()
export class PasswordService {
  // Stands in for the hash of an account that does not exist, so that refusing it takes as long.
  private nobody: Promise<string> | undefined;

  /** Errors: `overloaded` (503). */
  hash(password: string): Promise<string> {
    return queue.run(() => threads.hash(canonical(password)));
  }

  /** Takes the same time with and without a hash to compare to. Errors: `overloaded` (503). */
  async matches(passwordHash: string | null | undefined, password: string): Promise<boolean> {
    this.nobody ??= threads.hash(randomBytes(16));
    const against = passwordHash ?? (await this.nobody);
    const equal = await queue.run(() => threads.verify(against, canonical(password)));
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
