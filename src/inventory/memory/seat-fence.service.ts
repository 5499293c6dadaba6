import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { SEAT } from '../../platform/common/seat-states.js';
import { SharedRun } from '../../platform/common/shared-run.js';
import { remembered } from '../../platform/observability/instruments.js';
import { MetersService } from '../../platform/observability/meters.service.js';
import { type RedisScript, RedisService } from '../../platform/redis/redis.service.js';
import type { EventMemory } from './event-memory.js';
import type { ChangeResult } from './feed.js';
import { InventoryMemoryService } from './inventory-memory.service.js';
import { RAISE_MARK, READ_MARKS, RENEW_MARK } from './seat-fence.lua.js';

/** Maximum age of memory that the fence may confirm: four polls of the feed. */
const LEASE_MS = 1_000;
const KEPT_MS = 3_600_000;

interface Mark {
  readonly generation: string;
  readonly seq: number;
  readonly session: number;
}

/** A generation of an event's mark, and when this replica had first heard of it. */
type Known = Pick<Mark, 'generation' | 'session'> & { readonly since: number };

type Verdict = 'agreed' | 'behind' | 'old' | 'new_generation' | 'unanswered';

/**
 * Lets memory refuse taken seats without asking the database. Per event Redis has one mark, the newest `seq` that may
 * have freed a seat; it is raised before such a change is acknowledged. Memory that holds the marked change misses no
 * seat whose release anyone was told of. A mark that Redis loses is no mark: whatever was marked before a generation
 * began is in a memory that was read from the database after it. Where a mark cannot be raised, the acknowledgement
 * waits until no memory that lacks the change is young enough to be believed. See docs/decisions/seat-fence.md.
 */
@Injectable()
export class SeatFenceService {
  private readonly read: RedisScript<[generation: string, seq: string][]>;
  private readonly raise: RedisScript<number>;
  private readonly renew: RedisScript<number>;
  private readonly known = new WeakMap<EventMemory, Known>();
  private readonly turns = new SharedRun(() => this.readMarks());
  private asked = new Set<string>();
  private readonly confirmed: (verdict: Verdict) => () => void;
  private readonly raised: () => void;
  private readonly failed: () => void;

  constructor(
    private readonly redis: RedisService,
    private readonly memory: InventoryMemoryService,
    meters: MetersService,
  ) {
    this.read = redis.script('fence.read', READ_MARKS);
    this.raise = redis.script('fence.raise', RAISE_MARK);
    this.renew = redis.script('fence.renew', RENEW_MARK);
    const confirmations = meters.counter(
      'evently_fence_confirmations_total',
      'Batches of refusals, by the answer of the fence about memory: agreed saved a query of the database, the others made one',
    );
    this.confirmed = remembered(new Map(), (verdict) => confirmations.child({ verdict }));
    const raises = meters.counter(
      'evently_fence_raises_total',
      'Changes that may have freed seats, by outcome of raising the mark of the fence; after a failure the acknowledgement waited instead',
    );
    this.raised = raises.child({ outcome: 'raised' });
    this.failed = raises.child({ outcome: 'failed' });
  }

  /** Whether memory holds every seat of the event whose release was acknowledged before this call. */
  async agrees(eventId: string): Promise<boolean> {
    if (!this.redis.configured) return false;
    const verdict = this.redis.usable ? this.judge(eventId, await this.mark(eventId)) : 'unanswered';
    this.confirmed(verdict)();
    return verdict === 'agreed';
  }

  /** Raises the mark. Callers await it between the commit of a change (other than a hold) and its acknowledgement. */
  async passed(eventId: string, { seq, rows }: ChangeResult): Promise<void> {
    if (!this.redis.configured) return;
    const committed = performance.now();
    const about = [randomUUID(), KEPT_MS];
    if (seq === undefined || seq === null) {
      // Nothing was changed, or it was by a call whose answer was lost, and this one repeats it.
      await this.renew([keyOf(eventId)], about);
      return;
    }
    if (rows && rows.length > 0 && !rows.some(([, changes]) => changes.some((c) => (c & 3) === SEAT.FREE)))
      return;
    const answer = await this.raise([keyOf(eventId)], [...about, seq]);
    if (answer) return this.raised();
    this.failed();
    await sleep(committed + LEASE_MS - performance.now());
  }

  private judge(eventId: string, mark: Mark | undefined): Verdict {
    const memory = this.memory.peek(eventId);
    if (!mark || !memory) return 'unanswered';
    const { generation, session, seq } = mark;
    const known = this.known.get(memory);
    const now = performance.now();
    if (known?.generation !== generation || known.session !== session) {
      this.known.set(memory, { generation, session, since: now });
      return 'new_generation';
    }
    if (memory.asOf < known.since) return 'new_generation';
    if (memory.asOf < now - LEASE_MS) return 'old';
    return memory.seq < seq ? 'behind' : 'agreed';
  }

  private async mark(eventId: string): Promise<Mark | undefined> {
    this.asked.add(eventId);
    return (await this.turns.join()).get(eventId);
  }

  /** Reads marks once for all callers since the last read. */
  private async readMarks(): Promise<Map<string, Mark>> {
    const events = [...this.asked];
    this.asked = new Set();
    const { session } = this.redis;
    const found = await this.read(events.map(keyOf), [randomUUID(), KEPT_MS]);
    if (!found || session !== this.redis.session) return new Map();
    return new Map(
      found.map(([generation, seq], i) => [events[i]!, { generation, seq: Number(seq), session }]),
    );
  }
}

const keyOf = (eventId: string): string => `fence:${eventId}`;
