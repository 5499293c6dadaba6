import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Span } from '@opentelemetry/api';
import { DomainError } from '../../platform/common/domain-error.js';
import { newCode, newId } from '../../platform/common/ids.js';
import { correlationId, currentSpan } from '../../platform/common/request-context.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { MetersService } from '../../platform/observability/meters.service.js';
import { tracedForAll, within } from '../../platform/observability/tracing.js';
import type { EventMemory } from '../memory/event-memory.js';
import { FeedNewsService } from '../memory/feed-news.service.js';
import { InventoryMemoryService } from '../memory/inventory-memory.service.js';
import { SeatFenceService } from '../memory/seat-fence.service.js';
import type { HoldRequest } from './hold-batch.js';
import { HoldLane } from './hold-lane.js';
import { type Claim, type Held, HoldsRepository } from './holds.repository.js';
import type { NewHold } from './holds.schemas.js';
import { LaneMeter } from './lane-meter.js';

export type { Held } from './holds.repository.js';

export interface Buyer {
  readonly userId: string;
  readonly idempotencyKey?: string;
  /** Whether the client has hung up. */
  readonly isGone?: () => boolean;
}

/** Holds seats and places for a buyer, through the lane of the event. */
@Injectable()
export class HoldsService {
  private readonly lanes = new Map<string, HoldLane>();
  private readonly meter: LaneMeter;

  constructor(
    private readonly holds: HoldsRepository,
    private readonly inventories: InventoryMemoryService,
    private readonly fence: SeatFenceService,
    private readonly news: FeedNewsService,
    @Inject(CONFIG) private readonly config: Config,
    meters: MetersService,
  ) {
    this.meter = new LaneMeter(meters, {
      lanes: () => this.lanes.size,
      waiting: () => this.waiting(),
    });
  }

  /**
   * Holds all that was asked for until `expiresAt`, or nothing.
   * Errors: `seats_taken` with `conflicts`, `area_full`, `sold_out`, `no_adjacent_seats`, `sale_closed`,
   * `event_not_on_sale`, `event_ended`, `too_many_seats`, `buyer_limit_reached`, `unknown_seats`, `unknown_area`,
   * `unknown_category`, `seat_not_priced`, `idempotency_*`, `overloaded`, `outcome_unknown`.
   */
  async hold(eventId: string, wanted: NewHold, buyer: Buyer): Promise<Held> {
    try {
      const memory = await this.inventories.open(eventId);
      if (!memory) throw new DomainError('event_not_on_sale');
      const held = await this.lane(eventId).submit(toRequest(memory, wanted, buyer));
      this.meter.held(held);
      return held;
    } catch (error) {
      this.meter.refused(error);
      throw error;
    }
  }

  /** Whether this buyer's idempotency key was used before. */
  async wasAsked({ userId, idempotencyKey: key }: Buyer): Promise<boolean> {
    return key !== undefined && (await this.holds.usedKeys([{ userId, key }])).size > 0;
  }

  /** Requests that wait in all lanes. */
  waiting(): number {
    let sum = 0;
    for (const lane of this.lanes.values()) sum += lane.waiting;
    return sum;
  }

  private lane(eventId: string): HoldLane {
    let lane = this.lanes.get(eventId);
    if (!lane) {
      this.forgetIdleLanes();
      lane = this.openLane(eventId);
      this.lanes.set(eventId, lane);
    }
    return lane;
  }

  private openLane(eventId: string): HoldLane {
    const { holds, inventories, fence, news } = this;
    return new HoldLane(
      {
        memory: () => inventories.peek(eventId),
        now: () => inventories.now(),
        catchUp: () => inventories.fresh(eventId),
        confirm: async () => (await fence.agrees(eventId)) || inventories.fresh(eventId),
        claim: (since, claims) =>
          this.meter.batch(
            claims.length,
            tracedForAll(
              'lane batch',
              { attributes: { 'evently.batch.requests': claims.length, 'evently.event_id': eventId } },
              spansOf(claims),
              () => holds.claim(eventId, since, claims),
            ),
          ),
        learn: async ({ rows, seq, now }, claims) => {
          if (now !== null) inventories.heardClock(now);
          if (seq !== null) await within(spansOf(claims)[0], () => inventories.apply(eventId, rows, seq));
          news.tell(eventId, rows, false);
        },
        find: (ids) => holds.find(eventId, ids),
        usedKeys: (requests) => holds.usedKeys(requests),
      },
      this.config.inventory.laneQueue,
    );
  }

  private forgetIdleLanes(): void {
    if (this.lanes.size < 1_000) return;
    for (const [eventId, lane] of this.lanes) if (lane.idle) this.lanes.delete(eventId);
  }
}

const spansOf = (claims: readonly Claim[]): Span[] => claims.flatMap(({ span }) => span ?? []);

function toRequest(memory: EventMemory, wanted: NewHold, buyer: Buyer): HoldRequest {
  const seats = (wanted.seats ?? []).toSorted((a, b) => a - b);
  const unknown = seats.filter((n) => n >= memory.count);
  if (unknown.length > 0)
    throw new DomainError('unknown_seats', { detail: `This event has no seat ${unknown.join(', ')}.` });
  const areas = (wanted.areas ?? []).flatMap(({ area, quantity }) => {
    const index = memory.areas.findIndex(({ name }) => name === area);
    if (index < 0) throw new DomainError('unknown_area', { detail: `This event has no area "${area}".` });
    return Array.from({ length: quantity }, () => index);
  });
  const key = buyer.idempotencyKey ?? null;
  return {
    id: newId(),
    code: newCode(),
    userId: buyer.userId,
    key,
    hash:
      key === null
        ? null
        : createHash('sha256')
            .update(JSON.stringify([memory.eventId, wanted]))
            .digest('hex'),
    correlationId: correlationId(),
    span: currentSpan(),
    items: [
      ...seats.map((n) => ({ id: newId(), n, area: null })),
      ...areas.map((area) => ({ id: newId(), n: null, area })),
    ],
    wish: wanted.best ? toWish(memory, wanted.best) : null,
    wishIds: Array.from({ length: wanted.best?.quantity ?? 0 }, newId),
    isGone: buyer.isGone ?? (() => false),
  };
}

function toWish(memory: EventMemory, best: NonNullable<NewHold['best']>) {
  const categories = best.categories?.map((name) => {
    const index = memory.seats.categories.indexOf(name);
    if (index < 0)
      throw new DomainError('unknown_category', { detail: `This event has no category "${name}".` });
    return index;
  });
  return { ...best, categories };
}
