import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/domain-error.js';
import { HashQueue } from './hash-queue.js';
import { HashThreads } from './hash-threads.js';
import { passwordProblem } from './password.rules.js';

// Two, so that a rush of logins leaves the rest of a larger machine to requests. Each has its next password at hand: a
// thread that waits for the event loop to hand it over idled for a third of the time (0.62 of a bare loop, 2 cores).
const THREADS = 2;
const threads = new HashThreads(THREADS);
// 200 that wait are about two seconds of work.
const queue = new HashQueue(2 * THREADS, 200 - THREADS);

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
