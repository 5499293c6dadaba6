import { Injectable, type OnModuleInit } from '@nestjs/common';
import { RecentChanges } from '../../platform/database/recent-changes.js';
import { Every } from '../../platform/jobs/jobs.decorators.js';
import { RedisService } from '../../platform/redis/redis.service.js';
import { BUYER_MINUTES } from './bound-sale.schemas.js';
import { SessionsRepository } from './sessions.repository.js';

// The token of a buyer session lives two hours at most, an access token 15 minutes; one minute more covers a token signed in
// the moment of the revocation, and clocks apart.
const KEEP_SECONDS = (BUYER_MINUTES.most + 1) * 60;
const CHANNEL = 'auth.revoked';
const SESSION = /^[\da-f-]{36}$/;

/**
 * Ended sessions whose access tokens may not have expired yet. Every request asks for them, so they are a map in
 * memory. PostgreSQL is the source and is read every second; Redis only informs the other replicas at once.
 */
@Injectable()
export class RevocationsService implements OnModuleInit {
  /** session id → when its last access token has certainly expired, in milliseconds */
  private readonly until = new Map<string, number>();
  private readonly changes = new RecentChanges((seconds) => this.read(seconds));

  constructor(
    private readonly sessions: SessionsRepository,
    private readonly redis: RedisService,
  ) {}

  async onModuleInit(): Promise<void> {
    this.redis.listen(CHANNEL, (message) =>
      this.remember(message.split(' ').filter((id) => SESSION.test(id))),
    );
    await this.changes.begin(() => this.read(KEEP_SECONDS));
  }

  has(sessionId: string): boolean {
    return this.until.has(sessionId);
  }

  /**
   * Effective at once in this process, and in the others when Redis tells them. Call after the commit that revoked
   * them.
   */
  add(sessionIds: readonly string[]): void {
    this.remember(sessionIds);
    if (sessionIds.length > 0) void this.redis.tell(CHANNEL, sessionIds.join(' '));
  }

  @Every({ name: 'auth.revocations', seconds: 1, everywhere: true })
  async follow(): Promise<void> {
    await this.changes.follow();
    // Oldest first: a map keeps the order of insertion.
    for (const [id, until] of this.until) {
      if (until > Date.now()) break;
      this.until.delete(id);
    }
  }

  private remember(sessionIds: readonly string[]): void {
    const until = Date.now() + KEEP_SECONDS * 1000;
    for (const id of sessionIds) if (!this.until.has(id)) this.until.set(id, until);
  }

  private async read(seconds: number): Promise<void> {
    this.remember(await this.sessions.revokedWithin(seconds));
  }
}
