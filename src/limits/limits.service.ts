import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { TokenService } from '../auth/token.service.js';
import { bearerToken } from '../common/bearer-token.js';
import { networkOf } from '../common/network.rules.js';
import type { LimitKind } from '../common/quotas.js';
import { CONFIG, type Config } from '../config/config.js';
import { Meters } from '../observability/meters.service.js';
import { RedisService } from '../redis/redis.service.js';
import { type Standing, shareOf, WINDOW_SECONDS } from './limits.rules.js';
import { type AskLease, RequestCount } from './request-count.js';

/** Of clients and kinds; some 200 bytes each. */
const COUNTS_KEPT = 100_000;

/**
 * KEYS: count. ARGV: passed without a lease, most to give, quota, life of the window (ms). The less is left, the less is
 * given at once, so that the last requests pass wherever they arrive. Returns {given, left, life}.
 */
const LEASE = `
local used = redis.call('INCRBY', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
local left = math.max(0, ARGV[3] - used)
local given = math.min(ARGV[2], math.ceil(left / 4))
if given > 0 then redis.call('INCRBY', KEYS[1], given) end
return {given, left - given, redis.call('PTTL', KEYS[1])}`;

export interface Verdict {
  /** The limit that was reached; undefined: go on. */
  readonly refused: LimitKind | undefined;
  readonly standings: readonly Standing[];
}

/** How much one client may ask for: a person by the account, everybody else by the network. */
@Injectable()
export class LimitsService {
  private readonly counts = new LRUCache<string, RequestCount>({ max: COUNTS_KEPT });
  private readonly refusals: Record<string, () => void> = {};

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly tokens: TokenService,
    private readonly redis: RedisService,
    meters: Meters,
  ) {
    const counter = meters.counter(
      'evently_rate_limited_total',
      'Requests refused by a rate limit, by limit',
    );
    for (const limit of Object.keys(config.limits)) this.refusals[limit] = counter.child({ limit });
  }

  /** Counts a request. Nearly always at once; a promise where a heavy client makes this replica ask Redis. */
  take(request: FastifyRequest, kind: LimitKind): Verdict | Promise<Verdict> {
    const client = this.clientOf(request);
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
    const quota = this.config.limits[kind][client.is] * (this.config.limitFactors.get(client.key) ?? 1);
    const made = new RequestCount(quota, now + WINDOW_SECONDS * 1000);
    this.counts.set(key, made);
    return made;
  }

  private clientOf(request: FastifyRequest): Client {
    const token = bearerToken(request);
    if (token !== null)
      try {
        return { is: 'person', key: this.tokens.authenticate(token).id };
      } catch {
        // The guard refuses it; until then it is anybody's.
      }
    return { is: 'address', key: networkOf(request.ip) };
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
