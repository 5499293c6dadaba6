import type { EventMemory } from '../memory/event-memory.js';
import { BestPicker, type Wish } from './best-available.rules.js';
import type { Claim, ClaimItem, Held } from './holds.repository.js';

const BATCH_LIMIT = 256;
/** Losses after which a best-available pick is made by the database, under the lock. */
const LOSSES_BEFORE_LOCKED_PICK = 2;

/** A hold request on its way through a lane. `items` name seats and areas; picks for `wish` are made on the way. */
export interface HoldRequest extends Omit<Claim, 'wish'> {
  readonly wish: Wish | null;
  /** Ids for the items of the wish. */
  readonly wishIds: readonly string[];
  /** Whether the client has hung up, so that its seats need not be claimed. */
  readonly isGone: () => boolean;
}

/** A request and whoever waits for its answer. */
export interface Waiting {
  readonly request: HoldRequest;
  readonly resolve: (held: Held) => void;
  readonly reject: (error: unknown) => void;
  losses: number;
  /** The idempotency key was used before: the database answers, whatever memory says about the seats. */
  replay: boolean;
}

export interface Entry {
  readonly waiting: Waiting;
  readonly claim: Claim;
}

interface Picked {
  readonly items: ClaimItem[];
  /** Wish for which the database picks; null when there is none. */
  readonly wish: Wish | null;
}

/** Requests that go to the database together: no two of them name the same seat or use the same idempotency key. */
export class HoldBatch {
  readonly claims: Entry[] = [];
  /**
   * Requests that lost to another of this batch, with the seats they lost by, if any; they wait for the batch to end.
   */
  readonly losers: { readonly waiting: Waiting; readonly seats: readonly number[] }[] = [];
  private readonly seats = new Set<number>();
  private readonly keys = new Set<string>();
  /** Picks among what is open and not in this batch. */
  private readonly picker: BestPicker | undefined;
  /** Picks among what is open: tells whether a pick failed only because of this batch. */
  private readonly unclaimed: BestPicker | undefined;

  constructor(
    private readonly memory: EventMemory | undefined,
    private readonly now: number,
  ) {
    this.picker = memory && pickerOf(memory, now, (n) => !this.seats.has(n));
    this.unclaimed = memory && pickerOf(memory, now);
  }

  get full(): boolean {
    return this.claims.length >= BATCH_LIMIT;
  }

  /** Puts a request into the batch or beside it; false when memory knows a reason to refuse it. */
  admit(waiting: Waiting): boolean {
    const { request, replay } = waiting;
    const key = request.key === null ? null : `${request.userId} ${request.key}`;
    if (key !== null && this.keys.has(key)) return this.setAside(waiting);
    if (replay) return this.add(waiting, { ...request, wish: null, items: [] }, key);
    const lost = seatsOf(request.items).filter((n) => this.seats.has(n));
    if (lost.length > 0) return this.setAside(waiting, lost);
    if (this.memory && conflictsOf(this.memory, this.now, request.items).length > 0) return false;
    const picked = this.pick(waiting);
    if (picked === 'refused') return false;
    if (picked === 'lost') return this.setAside(waiting);
    return this.add(
      waiting,
      { ...request, items: [...request.items, ...picked.items], wish: picked.wish },
      key,
    );
  }

  private add(waiting: Waiting, claim: Claim, key: string | null): true {
    for (const n of seatsOf(claim.items)) this.seats.add(n);
    if (key !== null) this.keys.add(key);
    this.claims.push({ waiting, claim });
    return true;
  }

  private setAside(waiting: Waiting, seats: number[] = []): true {
    this.losers.push({ waiting, seats });
    return true;
  }

  private pick({ request, losses }: Waiting): Picked | 'lost' | 'refused' {
    const { wish, wishIds } = request;
    if (!wish) return { items: [], wish: null };
    if (!this.memory || losses >= LOSSES_BEFORE_LOCKED_PICK)
      return { items: wishIds.map((id) => ({ id, n: null, area: null })), wish };
    const own = seatsOf(request.items);
    const picker =
      own.length === 0
        ? this.picker!
        : pickerOf(this.memory, this.now, (n) => !own.includes(n) && !this.seats.has(n));
    const pick = picker.find(wish);
    if ('seats' in pick)
      return { items: pick.seats.map((n, i) => ({ id: wishIds[i]!, n, area: null })), wish: null };
    return this.seats.size > 0 && 'seats' in this.unclaimed!.find(wish) ? 'lost' : 'refused';
  }
}

export const seatsOf = (items: readonly ClaimItem[]): number[] =>
  items.flatMap(({ n }) => (n === null ? [] : [n]));

/** Seats among these that are not free at `now`. */
export const conflictsOf = (memory: EventMemory, now: number, items: readonly ClaimItem[]): number[] =>
  seatsOf(items).filter((n) => n < memory.count && !memory.isOpen(n, now));

export function pickerOf(memory: EventMemory, now: number, allowed?: (n: number) => boolean): BestPicker {
  const { category, run, accessible } = memory.seats;
  const isOpen = (n: number) => memory.isOpen(n, now) && (!allowed || allowed(n));
  return new BestPicker({
    count: memory.count,
    category,
    run,
    accessible,
    prices: memory.categoryPrices,
    isOpen,
  });
}
