import { Inject, Injectable, Optional, ServiceUnavailableException } from '@nestjs/common';
import { type HealthCheckResult, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { DomainError } from '../common/domain-error.js';
import { VERSION } from '../common/version.js';
import { CONFIG, type Config } from '../config/config.js';
import { migrationNames } from '../database/migrate.js';
import { Outbox } from '../facts/outbox.service.js';
import { LiveSessions } from '../live/live-sessions.service.js';
import { RedisService } from '../redis/redis.service.js';
import { type DatabaseState, HealthRepository } from './health.repository.js';
import type { Status } from './health.schemas.js';

const PATIENCE = 3_000;
/** Everybody may ask; the database is asked once a second at most, so that a flood of questions takes no connections. */
const FRESH = 1_000;

interface Found {
  readonly state?: DatabaseState;
  readonly latencyMs: number | null;
}

/** Terminus looks; the answers are ours, so that an error is a problem document here as everywhere. */
@Injectable()
export class HealthService {
  private leaving = false;

  constructor(
    private readonly repository: HealthRepository,
    private readonly outbox: Outbox,
    private readonly redis: RedisService,
    private readonly checks: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    @Inject(CONFIG) private readonly config: Config,
    @Optional() private readonly sessions?: LiveSessions,
  ) {}

  live() {
    return { status: 'ok' as const };
  }

  /** From now on it is not ready, so that proxies send what comes to others while it still answers. */
  leave(): void {
    this.leaving = true;
  }

  /** Errors: `shutting_down`, `database_unavailable`, `not_migrated`. */
  async ready() {
    if (this.leaving) throw new DomainError('shutting_down', { retryAfter: 1 });
    const { state } = await this.ask();
    if (!state) throw new DomainError('database_unavailable', { retryAfter: 2 });
    const pending = pendingOf(state);
    if (pending.length > 0)
      throw new DomainError('not_migrated', { detail: `Pending: ${pending.join(', ')}`, retryAfter: 5 });
    return { status: 'ready' as const };
  }

  async status(): Promise<Status> {
    const { state, latencyMs } = await this.ask();
    const pending = state ? pendingOf(state) : null;
    const redis = this.redis.state;
    return {
      status: pending?.length === 0 && redis !== 'unavailable' ? 'ok' : 'degraded',
      role: this.config.role,
      version: VERSION,
      node: process.versions.node,
      uptimeSeconds: Math.floor(process.uptime()),
      memoryMegabytes: Math.round(process.memoryUsage.rss() / 2 ** 20),
      database: {
        reachable: state !== undefined,
        embedded: this.config.embeddedDatabase,
        version: state?.version ?? null,
        latencyMs,
        connections: this.repository.connections(),
        migrations: { applied: state?.applied.length ?? null, pending },
      },
      redis,
      sockets: this.sessions?.open ?? null,
      facts: await this.facts(state !== undefined),
    };
  }

  private async facts(reachable: boolean): Promise<Status['facts']> {
    const outbox = reachable ? await this.outbox.read().catch(() => undefined) : undefined;
    return {
      broker: this.outbox.brokerState(),
      parked: outbox?.parked.length ?? null,
      waitingSeconds: outbox ? Math.max(0, ...outbox.readers.map((reader) => reader.waitingSeconds)) : null,
    };
  }

  private async ask(): Promise<Found> {
    const { database } = (await this.check()).details;
    return database?.status === 'up' ? (database as unknown as Found) : { latencyMs: null };
  }

  private async check(): Promise<HealthCheckResult> {
    try {
      return await this.checks.check([
        () =>
          this.indicators
            .check('database')
            .attempt(() => this.look())
            .withTimeout(PATIENCE)
            .cacheFor(FRESH),
      ]);
    } catch (error) {
      if (error instanceof ServiceUnavailableException) return error.getResponse() as HealthCheckResult;
      throw error;
    }
  }

  private async look() {
    const began = performance.now();
    const state = await this.repository.state();
    return { state, latencyMs: Math.round((performance.now() - began) * 100) / 100 };
  }
}

const pendingOf = ({ applied }: DatabaseState): string[] =>
  migrationNames.filter((name) => !applied.includes(name));
