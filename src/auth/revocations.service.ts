import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { SessionsRepository } from './sessions.repository.js';

const POLL_MS = 1_000;
// An access token lives 15 minutes; one more covers a token signed in the moment of the revocation, and clocks apart.
const KEEP_SECONDS = 16 * 60;
// A revocation becomes visible when its transaction commits, later than its time says.
const OVERLAP_SECONDS = 60;

/**
 * Sessions that ended while access tokens of theirs may still be unexpired. Asked on every request, so it is a map in
 * memory; PostgreSQL is the source, and other replicas learn of an entry within a second.
 */
@Injectable()
export class RevocationsService implements OnModuleInit, OnApplicationShutdown {
  private readonly log = new Logger(RevocationsService.name);
  /** session id → when its last access token has certainly expired, in milliseconds */
  private readonly until = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private readAt = 0;
  private failing = false;

  constructor(private readonly sessions: SessionsRepository) {}

  async onModuleInit(): Promise<void> {
    await this.read(KEEP_SECONDS);
    this.schedule();
  }

  has(sessionId: string): boolean {
    return this.until.has(sessionId);
  }

  /** Effective at once in this process. Call after the commit that revoked them. */
  add(sessionIds: readonly string[]): void {
    const until = Date.now() + KEEP_SECONDS * 1000;
    for (const id of sessionIds) if (!this.until.has(id)) this.until.set(id, until);
  }

  private async read(seconds: number): Promise<void> {
    const startedAt = Date.now();
    this.add(await this.sessions.revokedWithin(seconds));
    this.readAt = startedAt;
  }

  private schedule(): void {
    this.timer = setTimeout(() => void this.poll(), POLL_MS);
    this.timer.unref();
  }

  private async poll(): Promise<void> {
    try {
      await this.read(OVERLAP_SECONDS + (Date.now() - this.readAt) / 1000);
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.log.warn({ err: error }, 'Revoked sessions cannot be read; trying again');
      this.failing = true;
    }
    // Oldest first: a map keeps the order of insertion.
    for (const [id, until] of this.until) {
      if (until > Date.now()) break;
      this.until.delete(id);
    }
    if (this.timer) this.schedule();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
