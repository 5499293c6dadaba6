import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { SalesNumbers } from '../analytics/analytics.schemas.js';
import { AnalyticsService } from '../analytics/analytics.service.js';
import { GrantsService } from '../auth/grants/grants.service.js';
import { DomainError } from '../platform/common/domain-error.js';
import { isSlow } from './backpressure.js';
import type { LiveNamespace, LiveSocket, UnwatchRequest, WatchSalesAnswer } from './live.messages.js';
import { SharedFrame } from './shared-frame.js';

const EVENTS_PER_SOCKET = 20;
const TICK_MS = 1_000;

interface Watcher {
  readonly userId: string;
  readonly organisationId: string;
  /** Last message the socket was sent, as JSON. */
  told: string;
}

/**
 * Sends organizers the numbers of their events as they change, once a second at most, with one query for all watched
 * events.
 */
@Injectable()
export class LiveSalesService implements OnApplicationShutdown {
  private readonly log = new Logger(LiveSalesService.name);
  private readonly events = new Map<string, Map<LiveSocket, Watcher>>();
  private namespace!: LiveNamespace;
  private timer: NodeJS.Timeout | undefined;
  private stopping = false;

  constructor(
    private readonly analytics: AnalyticsService,
    private readonly grants: GrantsService,
  ) {}

  serve(namespace: LiveNamespace): void {
    this.namespace = namespace;
  }

  /**
   * Answers with the numbers so far; changes follow.
   * Errors: `unauthenticated`, `buyer_session_not_allowed`, `permission_missing`, `not_found` (also another organisation's event), `too_many_watched`.
   */
  async watch(socket: LiveSocket, eventId: string): Promise<WatchSalesAnswer> {
    const { principal } = socket.data;
    if (!principal) throw new DomainError('unauthenticated');
    if (principal.sale) throw new DomainError('buyer_session_not_allowed');
    const watchers = this.events.get(eventId);
    if (!watchers?.has(socket) && this.countOf(socket) >= EVENTS_PER_SOCKET)
      throw new DomainError('too_many_watched', {
        detail: `A socket may watch the sales of ${EVENTS_PER_SOCKET} events; unwatch one or open another socket.`,
      });
    const { organisationId, sales } = await this.analytics.watch(principal, eventId);
    if (socket.connected) this.add(socket, { userId: principal.id, organisationId }, sales);
    return { ok: true, sales };
  }

  unwatch(socket: LiveSocket, { eventId }: UnwatchRequest): void {
    const watchers = this.events.get(eventId);
    watchers?.delete(socket);
    if (watchers?.size === 0) this.events.delete(eventId);
  }

  forget(socket: LiveSocket): void {
    for (const eventId of this.events.keys()) this.unwatch(socket, { eventId });
  }

  onApplicationShutdown(): void {
    this.stopping = true;
    clearTimeout(this.timer);
  }

  private countOf(socket: LiveSocket): number {
    let count = 0;
    for (const watchers of this.events.values()) if (watchers.has(socket)) count++;
    return count;
  }

  private add(
    socket: LiveSocket,
    who: Pick<Watcher, 'userId' | 'organisationId'>,
    sales: SalesNumbers,
  ): void {
    const watchers = this.events.get(sales.eventId) ?? new Map<LiveSocket, Watcher>();
    this.events.set(sales.eventId, watchers.set(socket, { ...who, told: JSON.stringify(sales) }));
    this.tickSoon();
  }

  private tickSoon(): void {
    if (this.stopping || this.events.size === 0) return;
    this.timer ??= setTimeout(() => void this.tick(), TICK_MS);
  }

  private async tick(): Promise<void> {
    try {
      for (const sales of await this.analytics.soFar([...this.events.keys()])) this.tell(sales);
    } catch (error) {
      this.log.warn({ err: error }, 'Sales cannot be read right now');
    }
    this.timer = undefined;
    this.tickSoon();
  }

  /** A socket whose token or permission has ended, or that has logged in as somebody else, gets no more. */
  private mayWatch(socket: LiveSocket, eventId: string, { userId, organisationId }: Watcher): boolean {
    const { principal } = socket.data;
    return principal?.id === userId && this.grants.can(principal, 'money', organisationId, eventId);
  }

  private tell(sales: SalesNumbers): void {
    const { eventId } = sales;
    const told = JSON.stringify(sales);
    const frame = new SharedFrame(this.namespace.name, 'sales.changed', sales);
    for (const [socket, watcher] of this.events.get(eventId) ?? []) {
      if (!this.mayWatch(socket, eventId, watcher)) this.unwatch(socket, { eventId });
      else if (watcher.told !== told && !isSlow(socket)) {
        watcher.told = told;
        frame.sendTo(socket);
      }
    }
  }
}
