import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { networkOf } from '../../platform/common/network.rules.js';
import type { LimitKind } from '../../platform/common/quotas.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { bearerToken } from '../../platform/http/bearer-token.js';
import { MetersService } from '../../platform/observability/meters.service.js';
import { RedisService } from '../../platform/redis/redis.service.js';
import { TokenService } from '../tokens/token.service.js';
import { type Standing, shareOf, WINDOW_SECONDS } from './limits.rules.js';
import { type AskLease, RequestCount } from './request-count.js';

/** Maximum number of counts kept, one for each client and kind; some 200 bytes each. */
const COUNTS_KEPT = 100_000;

/**
 * KEYS: count. ARGV: passed without a lease, most to give, quota, life of the window (ms). The less is left, the less
 * is given at once, so that the last requests pass wherever they arrive. Returns {given, left, life}.
 */
const LEASE = `
local used = redis.call('INCRBY', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
local left = math.max(0, ARGV[3] - used)
local given = math.min(ARGV[2], math.ceil(left / 4))
if given > 0 then redis.call('INCRBY', KEYS[1], given) end
return {given, left - given, redis.call('PTTL', KEYS[1])}`;

/** Sender of a request, known by the access token or by the address. */
export interface Sender {
  readonly ip: string;
  readonly headers: { readonly authorization?: string };
}

export interface Verdict {
  /** Limit that was reached; undefined: the request may go on. */
  readonly refused: LimitKind | undefined;
  readonly standings: readonly Standing[];
}

/** Rate limits of clients: people are counted by account, everybody else by network. */
@Injectable()
export class LimitsService {
  private readonly counts = new LRUCache<string, RequestCount>({ max: COUNTS_KEPT });
  private readonly refusals: Record<string, () => void> = {};

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'limits'>,
    private readonly tokens: TokenService,
    private readonly redis: RedisService,
    meters: MetersService,
  ) {
    const counter = meters.counter(
      'evently_rate_limited_total',
      'Requests refused by a rate limit, by limit',
    );
    for (const limit of Object.keys(config.limits.quotas)) this.refusals[limit] = counter.child({ limit });
  }

  /**
   * Counts a request. Answers nearly always at once; returns a promise when a heavy client makes this replica ask
   * Redis.
   */
  take(sender: Sender, kind: LimitKind): Verdict | Promise<Verdict> {
    const client = this.clientOf(sender);
    const all = this.count(client, 'default');
    const own = kind === 'default' ? undefined : this.count(client, kind);
    const passed = this.pass(all, client, 'default');
    if (typeof passed !== 'boolean') return passed.then((yes) => this.second(yes, client, kind, all, own));
    return this.second(passed, client, kind, all, own);
  }

  private second(
    passed: boolean,
    client: Client,
    kind: LimitKind,
    all: RequestCount,
    own: RequestCount | undefined,
  ): Verdict | Promise<Verdict> {
    if (!passed || !own) return this.verdict(passed ? undefined : 'default', kind, all, own);
    const also = this.pass(own, client, kind);
    if (typeof also !== 'boolean')
      return also.then((yes) => this.verdict(yes ? undefined : kind, kind, all, own));
    return this.verdict(also ? undefined : kind, kind, all, own);
  }

  private verdict(
    refused: LimitKind | undefined,
    kind: LimitKind,
    all: RequestCount,
    own: RequestCount | undefined,
  ): Verdict {
    if (refused) this.refusals[refused]!();
    const standings = [standing('default', all)];
    if (own) standings.push(standing(kind, own));
    return { refused, standings };
  }

  private pass(count: RequestCount, client: Client, kind: LimitKind): boolean | Promise<boolean> {
    const taken = this.redis.usable ? count.takeShared() : count.takeAlone();
    return taken ?? this.passAfterLease(count, client, kind);
  }

  private async passAfterLease(count: RequestCount, client: Client, kind: LimitKind): Promise<boolean> {
    const ask: AskLease = async (unreported, ms) => {
      const reply = await this.redis.ask('limits.lease', (redis) =>
        redis.eval(
          LEASE,
          1,
          `limit:${kind}:${client.key}`,
          unreported,
          shareOf(count.quota),
          count.quota,
          ms,
        ),
      );
      if (!reply) return undefined;
      const [granted, left, life] = reply as [number, number, number];
      return { granted, left, ms: life };
    };
    for (;;) {
      if (!(await count.lease(ask, () => performance.now()))) return count.takeAlone();
      const taken = count.takeShared();
      if (taken !== undefined) return taken;
    }
  }

  private count(client: Client, kind: LimitKind): RequestCount {
    const key = `${kind} ${client.key}`;
    const now = performance.now();
    const kept = this.counts.get(key);
    if (kept && !kept.isOver(now)) return kept;
    const quota =
      this.config.limits.quotas[kind][client.is] * (this.config.limits.factors.get(client.key) ?? 1);
    const made = new RequestCount(quota, now + WINDOW_SECONDS * 1000);
    this.counts.set(key, made);
    return made;
  }

  private clientOf(sender: Sender): Client {
    const token = bearerToken(sender);
    if (token !== null)
      try {
        return { is: 'person', key: this.tokens.authenticate(token).id };
      } catch {
        // The guard refuses it; until then it is anybody's.
      }
    return { is: 'address', key: networkOf(sender.ip) };
  }
}

interface Client {
  readonly is: 'person' | 'address';
  readonly key: string;
}

const standing = (kind: LimitKind, count: RequestCount): Standing => ({
  kind,
  quota: count.quota,
  left: count.left,
  seconds: count.secondsLeft(performance.now()),
});
