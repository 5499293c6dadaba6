import { Inject, Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { DomainError } from '../common/domain-error.js';
import { CONFIG, type Config } from '../config/config.js';
import { networkOf } from './network.rules.js';

const DAY = 24 * 3600;
const MINUTE = 60;

/** `free` attempts, then a pause that doubles each time it is reached: 1 s, 2 s, 4 s ... up to `longest` seconds. */
class GrowingPause {
  private readonly attempts: RateLimiterMemory;
  private readonly pauses = new RateLimiterMemory({ points: DAY, duration: DAY });

  constructor(
    free: number,
    private readonly longest: number,
  ) {
    this.attempts = new RateLimiterMemory({ points: free, duration: 15 * MINUTE });
  }

  /** Counts before the outcome is known, so that attempts in parallel gain nothing. */
  async attempt(key: string): Promise<void> {
    try {
      await this.attempts.consume(key);
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      const first = refused.consumedPoints === this.attempts.points + 1;
      throw tooMany(first ? await this.pause(key) : refused.msBeforeNext / 1000);
    }
  }

  async forgive(key: string): Promise<void> {
    await this.attempts.reward(key);
  }

  async forget(key: string): Promise<void> {
    await this.attempts.delete(key);
    await this.pauses.delete(key);
  }

  private async pause(key: string): Promise<number> {
    const { consumedPoints } = await this.pauses.penalty(key);
    const seconds = Math.min(2 ** (consumedPoints - 1), this.longest);
    await this.attempts.block(key, seconds);
    return seconds;
  }
}

/**
 * Slows down guessing and flooding; in memory, per replica. Lifted by `EVENTLY_RATE_LIMITS=off`.
 * Errors of every method: `rate_limited` (429) with `Retry-After`.
 */
@Injectable()
export class ThrottleService {
  private readonly accountFromAddress = new GrowingPause(5, 15 * MINUTE);
  private readonly address = new GrowingPause(100, 15 * MINUTE);
  // From everywhere at once. The pause stays short: a long one would let anybody lock a person out.
  private readonly account = new GrowingPause(30, MINUTE);
  private readonly registrations = new RateLimiterMemory({ points: 100, duration: 10 * MINUTE });
  private readonly requests = new RateLimiterMemory({ points: 30, duration: 10 * MINUTE });
  private readonly mails = new RateLimiterMemory({ points: 3, duration: 15 * MINUTE });

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Before a password is checked. */
  async guess(account: string, ip: string): Promise<void> {
    if (!this.config.rateLimits) return;
    const network = networkOf(ip);
    await this.address.attempt(network);
    await this.accountFromAddress.attempt(`${account} ${network}`);
    await this.account.attempt(account);
  }

  /** After the password was right: earlier mistakes of this account do not count any more. */
  async guessedRight(account: string, ip: string): Promise<void> {
    if (!this.config.rateLimits) return;
    const network = networkOf(ip);
    await this.address.forgive(network);
    await this.accountFromAddress.forget(`${account} ${network}`);
    await this.account.forget(account);
  }

  async register(ip: string): Promise<void> {
    await this.consume(this.registrations, networkOf(ip));
  }

  async forgot(ip: string): Promise<void> {
    await this.consume(this.requests, networkOf(ip));
  }

  /** Mail to one address; nobody's mailbox is to be filled by asking often. */
  async mail(email: string): Promise<void> {
    await this.consume(this.mails, email.toLowerCase());
  }

  private async consume(limiter: RateLimiterMemory, key: string): Promise<void> {
    if (!this.config.rateLimits) return;
    try {
      await limiter.consume(key);
    } catch (refused) {
      throw refused instanceof RateLimiterRes ? tooMany(refused.msBeforeNext / 1000) : refused;
    }
  }
}

function tooMany(seconds: number): DomainError {
  const retryAfter = Math.max(1, Math.ceil(seconds));
  return new DomainError('rate_limited', { detail: `Try again in ${retryAfter} s.`, retryAfter });
}
