import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../../platform/common/domain-error.js';
import { networkOf } from '../../platform/common/network.rules.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { type SharedLimiter, SharedLimitersService } from '../limits/shared-limiters.service.js';

const DAY = 24 * 3600;
const MINUTE = 60;

/** `free` attempts, then a pause that doubles each time it is reached: 1 s, 2 s, 4 s ... up to `longest` seconds. */
class GrowingPause {
  private readonly attempts: SharedLimiter;
  private readonly pauses: SharedLimiter;

  constructor(
    limiters: SharedLimitersService,
    name: string,
    free: number,
    private readonly longest: number,
  ) {
    this.attempts = limiters.limiter({ name, points: free, seconds: 15 * MINUTE });
    this.pauses = limiters.limiter({ name: `${name}-pauses`, points: DAY, seconds: DAY });
  }

  /** Counts before the outcome is known, so that attempts in parallel gain nothing. */
  async attempt(key: string): Promise<void> {
    const { points } = this.attempts;
    const { consumed, ms } = await this.attempts.count(key);
    if (consumed <= points) return;
    throw tooMany(consumed === points + 1 ? await this.pause(key) : ms / 1000);
  }

  async forgive(key: string): Promise<void> {
    await this.attempts.forgive(key);
  }

  async forget(key: string): Promise<void> {
    await this.attempts.forget(key);
    await this.pauses.forget(key);
  }

  private async pause(key: string): Promise<number> {
    const { consumed } = await this.pauses.count(key);
    const seconds = Math.min(2 ** (consumed - 1), this.longest);
    await this.attempts.block(key, seconds);
    return seconds;
  }
}

/**
 * Slows down guessing and flooding, on all replicas together when they share Redis. Lifted by
 * `EVENTLY_RATE_LIMITS=off`. Errors of every method: `rate_limited` (429) with `Retry-After`.
 */
@Injectable()
export class ThrottleService {
  private readonly accountFromAddress;
  private readonly address;
  private readonly account;
  private readonly requests;
  private readonly mails;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    limiters: SharedLimitersService,
  ) {
    this.accountFromAddress = new GrowingPause(limiters, 'account-address', 5, 15 * MINUTE);
    this.address = new GrowingPause(limiters, 'address', 100, 15 * MINUTE);
    // Attempts from all addresses together. The pause stays short: a long one would let anybody lock a person out.
    this.account = new GrowingPause(limiters, 'account', 30, MINUTE);
    this.requests = limiters.limiter({ name: 'requests', points: 30, seconds: 10 * MINUTE });
    this.mails = limiters.limiter({ name: 'mails', points: 3, seconds: 15 * MINUTE });
  }

  /** Before a password is checked. */
  async guess(account: string, ip: string): Promise<void> {
    if (!this.config.limits.on) return;
    const network = networkOf(ip);
    await this.address.attempt(network);
    await this.accountFromAddress.attempt(`${account} ${network}`);
    await this.account.attempt(account);
  }

  /** After the password was right: earlier mistakes of this account do not count any more. */
  async guessedRight(account: string, ip: string): Promise<void> {
    if (!this.config.limits.on) return;
    const network = networkOf(ip);
    await this.address.forgive(network);
    await this.accountFromAddress.forget(`${account} ${network}`);
    await this.account.forget(account);
  }

  async forgot(ip: string): Promise<void> {
    await this.consume(this.requests, networkOf(ip));
  }

  /** Mail to one address; nobody's mailbox is to be filled by asking often. */
  async mail(email: string): Promise<void> {
    await this.consume(this.mails, email.toLowerCase());
  }

  private async consume(limiter: SharedLimiter, key: string): Promise<void> {
    if (!this.config.limits.on) return;
    const { consumed, ms } = await limiter.count(key);
    if (consumed > limiter.points) throw tooMany(ms / 1000);
  }
}

function tooMany(seconds: number): DomainError {
  const retryAfter = Math.max(1, Math.ceil(seconds));
  return new DomainError('rate_limited', { detail: `Try again in ${retryAfter} s.`, retryAfter });
}
