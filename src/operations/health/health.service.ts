import { Inject, Injectable, Optional, ServiceUnavailableException } from '@nestjs/common';
import { type HealthCheckResult, HealthCheckService } from '@nestjs/terminus';
import { LiveSessionsService } from '../../live/live-sessions.service.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { VERSION } from '../../platform/common/version.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { migrationNames } from '../../platform/database/migrate.js';
import { OutboxService } from '../../platform/facts/outbox.service.js';
import { RedisService } from '../../platform/redis/redis.service.js';
import { DatabaseIndicator } from './database.indicator.js';
import { type DatabaseState, HealthRepository } from './health.repository.js';
import type { Status } from './health.schemas.js';

interface Found {
  readonly state?: DatabaseState;
  readonly latencyMs: number | null;
}

/** Health of the replica: Terminus checks, and errors become problem documents as everywhere. */
@Injectable()
export class HealthService {
  private leaving = false;

  constructor(
    private readonly repository: HealthRepository,
    private readonly outbox: OutboxService,
    private readonly redis: RedisService,
    private readonly checks: HealthCheckService,
    private readonly database: DatabaseIndicator,
    @Inject(CONFIG) private readonly config: Config,
    @Optional() private readonly sessions?: LiveSessionsService,
  ) {}

  live() {
    return { status: 'ok' as const };
  }

  /** Makes the replica not ready, so that proxies send new requests to others while it still answers. */
  leave(): void {
    this.leaving = true;
  }

  /** Errors: `shutting_down`, `database_unavailable`, `database_failing`, `not_migrated`. */
  async ready() {
    if (this.leaving) throw new DomainError('shutting_down', { retryAfter: 1 });
    const { state } = await this.ask();
    if (!state) throw new DomainError('database_unavailable', { retryAfter: 2 });
    const pending = pendingOf(state);
    if (pending.length > 0)
      throw new DomainError('not_migrated', { detail: `Pending: ${pending.join(', ')}`, retryAfter: 5 });
    if (state.failure !== null)
      throw new DomainError('database_failing', { detail: `SQLSTATE ${state.failure}`, retryAfter: 10 });
    return { status: 'ready' as const };
  }

  async status(): Promise<Status> {
    const { state, latencyMs } = await this.ask();
    const pending = state ? pendingOf(state) : null;
    const redis = this.redis.state;
    return {
      status: pending?.length === 0 && state?.failure === null && redis !== 'unavailable' ? 'ok' : 'degraded',
      role: this.config.role,
      version: VERSION,
      node: process.versions.node,
      uptimeSeconds: Math.floor(process.uptime()),
      memoryMegabytes: Math.round(process.memoryUsage.rss() / 2 ** 20),
      database: {
        reachable: state !== undefined,
        embedded: this.config.database.embedded,
        version: state?.version ?? null,
        failure: state?.failure ?? null,
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
      parked: outbox?.parked.filter(({ retryAt }) => retryAt === null).length ?? null,
      waitingSeconds: outbox ? Math.max(0, ...outbox.readers.map((reader) => reader.waitingSeconds)) : null,
    };
  }

  private async ask(): Promise<Found> {
    const { database } = (await this.check()).details;
    return database?.status === 'up' ? (database as unknown as Found) : { latencyMs: null };
  }

  private async check(): Promise<HealthCheckResult> {
    try {
      return await this.checks.check([() => this.database.check()]);
    } catch (error) {
      if (error instanceof ServiceUnavailableException) return error.getResponse() as HealthCheckResult;
      throw error;
    }
  }
}

const pendingOf = ({ applied }: DatabaseState): string[] =>
  migrationNames.filter((name) => !applied.includes(name));
