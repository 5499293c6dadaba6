import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../common/domain-error.js';
import { VERSION } from '../common/version.js';
import { CONFIG, type Config } from '../config/config.js';
import { migrationNames } from '../database/migrate.js';
import { Outbox } from '../facts/outbox.service.js';
import { type DatabaseState, HealthRepository } from './health.repository.js';
import type { Status } from './health.schemas.js';

const PATIENCE = 3_000;

// By hand and not with @nestjs/terminus: it would bring a second shape of answers and errors besides problem documents,
// for what is one statement here.
@Injectable()
export class HealthService {
  private leaving = false;

  constructor(
    private readonly repository: HealthRepository,
    private readonly outbox: Outbox,
    @Inject(CONFIG) private readonly config: Config,
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
    return {
      status: pending?.length === 0 ? 'ok' : 'degraded',
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

  private async ask(): Promise<{ state?: DatabaseState; latencyMs: number | null }> {
    const began = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, PATIENCE, undefined);
    });
    const state = await Promise.race([this.repository.state().catch(() => undefined), late]);
    clearTimeout(timer);
    if (!state) return { latencyMs: null };
    return { state, latencyMs: Math.round((performance.now() - began) * 100) / 100 };
  }
}

const pendingOf = ({ applied }: DatabaseState): string[] =>
  migrationNames.filter((name) => !applied.includes(name));
