import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { FactsService } from '../../platform/facts/facts.service.js';
import { remembered } from '../../platform/observability/instruments.js';
import { MetersService } from '../../platform/observability/meters.service.js';
import { RedisService } from '../../platform/redis/redis.service.js';
import type { EventMemory } from './event-memory.js';
import type { FeedRow } from './feed.js';
import { InventoryMemoryService } from './inventory-memory.service.js';

/** Channel, named by the version of its messages, so that two releases can run side by side. */
const CHANNEL = 'feed.v1';
/** Rows that may wait for missing earlier ones; a poll fetches lost rows. */
const EARLY_ROWS = 64;

type News = [replica: string, eventId: string, epoch: string, rows: FeedRow[], facts: boolean];

/** Sends committed changes to the other replicas. The feed table stays the source: the messages only speed it up. */
@Injectable()
export class FeedNewsService {
  private readonly log = new Logger(FeedNewsService.name);
  private readonly self = randomUUID();
  private readonly early = new WeakMap<EventMemory, Map<number, FeedRow>>();
  private readonly count: (what: 'told' | 'applied' | 'early' | 'not_in_use' | 'unreadable') => () => void;

  constructor(
    private readonly redis: RedisService,
    private readonly memory: InventoryMemoryService,
    private readonly facts: FactsService,
    meters: MetersService,
  ) {
    const messages = meters.counter(
      'evently_feed_news_total',
      'Messages about committed seat changes: sent to other replicas, or received from them, by outcome',
    );
    this.count = remembered(new Map(), (what) => messages.child({ what }));
    redis.listen(CHANNEL, (message) => this.heard(message));
  }

  /** @param facts whether handlers of facts should look now; a rush of holds would keep them looking */
  tell(eventId: string, rows: readonly FeedRow[] | null, facts: boolean): void {
    const memory = this.memory.peek(eventId);
    if (!memory || !rows || rows.length === 0 || !this.redis.usable) return;
    const news: News = [this.self, eventId, memory.epoch, [...rows], facts];
    this.count('told')();
    void this.redis.tell(CHANNEL, JSON.stringify(news));
  }

  private heard(message: string): void {
    if (message.startsWith(`["${this.self}"`)) return;
    try {
      const [, eventId, epoch, rows, facts] = JSON.parse(message) as News;
      this.take(eventId, epoch, rows);
      if (facts) this.facts.nudge();
    } catch (error) {
      this.count('unreadable')();
      this.log.warn({ err: error }, 'A feed message of another replica cannot be read');
    }
  }

  private take(eventId: string, epoch: string, rows: readonly FeedRow[]): void {
    const memory = this.memory.peek(eventId);
    if (memory?.epoch !== epoch) return this.count('not_in_use')();
    const early = this.early.get(memory) ?? new Map<number, FeedRow>();
    this.early.set(memory, early);
    for (const row of rows) if (row.seq > memory.seq) early.set(row.seq, row);
    const next: FeedRow[] = [];
    for (let row = early.get(memory.seq + 1); row; row = early.get(row.seq + 1)) next.push(row);
    const last = next.at(-1)?.seq ?? memory.seq;
    for (const seq of early.keys()) if (seq <= last) early.delete(seq);
    if (early.size > EARLY_ROWS) early.clear();
    if (next.length === 0) return early.size > 0 ? this.count('early')() : undefined;
    this.count('applied')();
    this.memory.apply(eventId, next, last).catch((error) => {
      this.log.warn({ err: error, eventId }, 'Changes announced by another replica could not be applied');
    });
  }
}
