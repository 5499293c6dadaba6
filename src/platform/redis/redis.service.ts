import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel';
import type { Redis } from 'ioredis';
import { CONFIG, type Config } from '../config/config.js';
import type { RemoteObserver, RemoteOutcome } from '../resilience/remote.js';
import { ResilienceService } from '../resilience/resilience.service.js';
import { inTime, LateAnswer } from './in-time.js';
import { channelName, closeRedis, openRedis } from './redis-connection.js';

const FAILURES_TO_OPEN = 3;
const COOL_DOWN = 500;

export type RedisState = 'off' | 'connected' | 'unavailable';

/** Resolves with undefined where there is no answer, as `ask` does. */
export type RedisScript<T> = (
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<T | undefined>;

/**
 * The optional Redis: every caller must do without an answer. A breaker opens after three failures in a row; then Redis
 * is not asked until the service's own ping, twice a second, is answered, so that no request pays for finding out.
 */
@Injectable()
export class RedisService implements OnApplicationShutdown {
  private readonly redis: Redis | undefined;
  private readonly subscriber: Redis | undefined;
  private readonly listeners = new Map<string, ((message: string) => void)[]>();
  private readonly recoveries: (() => void)[] = [];
  private readonly observer: RemoteObserver;
  private readonly breaker = circuitBreaker(handleAll, {
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
    halfOpenAfter: COOL_DOWN,
  });
  private readonly timeoutMs: number;
  private probing: NodeJS.Timeout | undefined;
  private connections = 0;
  private ended = false;

  constructor(@Inject(CONFIG) config: Pick<Config, 'redis'>, resilience: ResilienceService) {
    this.observer = resilience.observer('redis');
    this.timeoutMs = config.redis?.timeoutMs ?? 0;
    if (!config.redis) return;
    this.redis = openRedis(config.redis.url);
    this.redis.on('ready', () => this.connections++);
    this.subscriber = openRedis(config.redis.url);
    this.subscriber.on('ready', () => void this.subscribeAll());
    this.subscriber.on('message', (channel, message) => {
      for (const listener of this.listeners.get(channel) ?? []) listener(message);
    });
    this.breaker.onBreak(() => this.opened());
    this.breaker.onReset(() => this.closed());
  }

  get configured(): boolean {
    return this.redis !== undefined;
  }

  /** `unavailable` while the breaker is open or there is no connection. */
  get state(): RedisState {
    if (!this.redis) return 'off';
    return this.usable ? 'connected' : 'unavailable';
  }

  /**
   * Number of the connection; it changes with each reconnection, since the new server may be another one or have older
   * data. A call that began and ended under the same number was answered by one server.
   */
  get session(): number {
    return this.connections;
  }

  /** Whether a call would be made now. */
  get usable(): boolean {
    return this.redis?.status === 'ready' && this.breaker.state === CircuitState.Closed;
  }

  /** Answer of Redis, or undefined when it is off, not asked (breaker open), fails or is late. Never throws. */
  async ask<T>(name: string, work: (redis: Redis) => Promise<T>): Promise<T | undefined> {
    if (!this.redis) return undefined;
    const begin = performance.now();
    let outcome: RemoteOutcome = 'not_asked';
    let answer: T | undefined;
    if (this.breaker.state === CircuitState.Closed)
      try {
        answer = await this.breaker.execute(() => inTime(work(this.redis!), this.timeoutMs));
        outcome = 'answered';
      } catch (error) {
        outcome = error instanceof LateAnswer ? 'timed_out' : 'failed';
      }
    this.observer.called(name, outcome, (performance.now() - begin) / 1000);
    return answer;
  }

  /** A Lua script that is sent once and called by its digest after that. */
  script<T>(name: string, lua: string): RedisScript<T> {
    this.redis?.defineCommand(name, { lua });
    return (keys, args) =>
      this.ask(name, (redis) =>
        (redis as unknown as Record<string, (...all: (string | number)[]) => Promise<T>>)[name]!(
          keys.length,
          ...keys,
          ...args,
        ),
      );
  }

  /**
   * Calls back for every message of a channel. Messages that were sent while the connection was lost are lost too:
   * only for what may be missed.
   */
  listen(channel: string, listener: (message: string) => void): void {
    const name = channelName(channel);
    const listeners = this.listeners.get(name);
    if (listeners) listeners.push(listener);
    else this.listeners.set(name, [listener]);
    if (this.subscriber?.status === 'ready') void this.subscribeAll();
  }

  /** Tells all replicas, this one included, or nobody when Redis is not there. */
  async tell(channel: string, message: string): Promise<void> {
    await this.ask('publish', (redis) => redis.publish(channelName(channel), message));
  }

  /** Calls back whenever Redis answers again: what it kept may be gone or old. */
  onRecovery(listener: () => void): void {
    this.recoveries.push(listener);
  }

  async onApplicationShutdown(): Promise<void> {
    this.ended = true;
    clearInterval(this.probing);
    for (const redis of [this.redis, this.subscriber]) if (redis) await closeRedis(redis);
  }

  private async subscribeAll(): Promise<void> {
    const names = [...this.listeners.keys()];
    // A connection lost meanwhile is opened again and comes here again.
    if (names.length > 0) await this.subscriber!.subscribe(...names).catch(() => {});
  }

  /** Also called for every ping that fails. */
  private opened(): void {
    if (this.probing || this.ended) return;
    this.observer.changed(true);
    this.probing = setInterval(() => {
      void this.breaker.execute(() => inTime(this.redis!.ping(), this.timeoutMs)).catch(() => {});
    }, COOL_DOWN);
  }

  private closed(): void {
    clearInterval(this.probing);
    this.probing = undefined;
    this.observer.changed(false);
    for (const listener of this.recoveries) listener();
  }
}
