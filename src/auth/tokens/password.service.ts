import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../../platform/common/domain-error.js';
import { HashThreads } from './hash-threads.js';
import { passwordProblem } from './password.rules.js';

/**
 * Number of threads: two at most, and one core stays for requests, since a rush of logins may be slow but must not make
 * buyers wait.
 */
export const HASH_THREADS = Math.max(1, Math.min(2, availableParallelism() - 1));
const threads = new HashThreads(HASH_THREADS);
/** As many as are done in two or three seconds. */
const MOST_WAITING = 99 * HASH_THREADS;

@Injectable()
export class PasswordService {
  // Stands in for the hash of an account that does not exist, so that refusing it takes as long.
  private nobody: Promise<string> | undefined;

  /** Errors: `overloaded` (503). */
  async hash(password: string): Promise<string> {
    assertRoom();
    return threads.hash(canonical(password));
  }

  /** Takes the same time with and without a hash to compare to. Errors: `overloaded` (503). */
  async matches(passwordHash: string | null | undefined, password: string): Promise<boolean> {
    this.nobody ??= threads.hash(randomBytes(16));
    const against = passwordHash ?? (await this.nobody);
    assertRoom();
    const equal = await threads.verify(against, canonical(password));
    return equal && passwordHash != null;
  }

  /** Errors: `password_unacceptable` (422). */
  assertAcceptable(password: string, email: string): void {
    const message = passwordProblem(password, email);
    if (message) throw new DomainError('password_unacceptable', { errors: [{ path: 'password', message }] });
  }
}

function assertRoom(): void {
  if (threads.waiting >= MOST_WAITING) throw new DomainError('overloaded', { retryAfter: 2 });
}

/** Normal form of a password, since keyboards write the same character in different ways. */
const canonical = (password: string): string => password.normalize('NFKC');
