import {
  isConnectionError,
  isPassing,
  translateDatabaseError,
  violatedConstraint,
} from '../common/database-errors.js';
import { DomainError } from '../common/domain-error.js';
import { newBookingCode } from '../common/ids.js';
import { BestPicker, type Wish } from './best-available.rules.js';
import type { EventMemory } from './event-memory.js';
import type { BatchResult, Claim, ClaimItem, Held } from './holds.repository.js';

const BATCH_LIMIT = 256;
/** A best-available pick that lost this often is made by the database, under the lock. */
const LOSSES_BEFORE_LOCKED_PICK = 2;

/** A hold request on its way through a lane. `items` name seats and areas; picks for `wish` are made here. */
export interface HoldRequest extends Omit<Claim, 'wish'> {
  readonly wish: Wish | null;
  /** Ids for the items of the wish. */
  readonly wishIds: readonly string[];
  /** Whether the client has hung up, so that its seats need not be claimed. */
  readonly isGone: () => boolean;
}

/** What a lane needs from the rest; the lane itself knows neither SQL nor Nest. */
export interface LanePorts {
  memory(): EventMemory | undefined;
  now(): number;
  /** Resolves when memory holds at least what was committed when this was called. */
  catchUp(): Promise<unknown>;
  claim(since: number, claims: readonly Claim[]): Promise<BatchResult>;
  /** Takes the rows and the clock that a batch brought back. */
  learn(result: BatchResult): Promise<void>;
  find(ids: readonly string[]): Promise<Map<string, Held>>;
  /** Which of these (user, key) pairs were used before. */
  usedKeys(requests: readonly HoldRequest[]): Promise<Set<HoldRequest>>;
}

interface Waiting {
  readonly request: HoldRequest;
  readonly resolve: (held: Held) => void;
  readonly reject: (error: unknown) => void;
  losses: number;
  /** Its key was used before: the database answers it, whatever memory says of the seats. */
  replay: boolean;
}

interface Picked {
  readonly items: ClaimItem[];
  /** Left to the database to pick for. */
  readonly wish: Wish | null;
}

interface Batch {
  readonly claims: { waiting: Waiting; claim: Claim }[];
  readonly seats: Map<number, Waiting>;
  readonly keys: Set<string>;
  /** Lost to another of this batch: they wait for its end. */
  readonly losers: { waiting: Waiting; seats: number[] }[];
  /** Picks among what is open and not in this batch. */
  readonly picker: BestPicker | undefined;
  /** Picks among what is open: tells whether a pick failed only because of this batch. */
  readonly unclaimed: BestPicker | undefined;
}

/**
 * Group commit of one event: collects the requests that come while a batch is under way, first come, first served.
 * There is no timer; a batch leaves when the lane is free.
 */
export class HoldLane {
  private queue: Waiting[] = [];
  private running = false;

  constructor(
    private readonly ports: LanePorts,
    private readonly limit: number,
  ) {}

  get waiting(): number {
    return this.queue.length;
  }

  get idle(): boolean {
    return !this.running && this.queue.length === 0;
  }

  /** Errors: those of a hold, `overloaded` when too many wait, `outcome_unknown` when the database cannot be asked. */
  submit(request: HoldRequest): Promise<Held> {
    if (this.queue.length >= this.limit)
      return Promise.reject(
        new DomainError('overloaded', {
          detail: 'Too many holds are waiting for this event.',
          retryAfter: 1,
        }),
      );
    return new Promise((resolve, reject) => {
      this.queue.push({ request, resolve, reject, losses: 0, replay: false });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.queue.length > 0) {
      const batch = this.collect();
      if (batch.claims.length > 0) await this.commit(batch);
      this.settleLosers(batch);
    }
    this.running = false;
  }

  /** Takes from the queue what can go together; sends those that memory would refuse to be confirmed first. */
  private collect(): Batch {
    const memory = this.ports.memory();
    const seats = new Map<number, Waiting>();
    const picker = memory && this.picker(memory, (n) => !seats.has(n));
    const batch: Batch = {
      claims: [],
      seats,
      keys: new Set(),
      losers: [],
      picker,
      unclaimed: memory && this.picker(memory),
    };
    const refusable: Waiting[] = [];
    let taken = 0;
    for (; taken < this.queue.length && batch.claims.length < BATCH_LIMIT; taken++) {
      const waiting = this.queue[taken]!;
      if (waiting.request.isGone())
        waiting.reject(new DomainError('bad_request', { detail: 'The client has gone.' }));
      else if (!this.admit(batch, waiting, memory)) refusable.push(waiting);
    }
    this.queue.splice(0, taken);
    if (refusable.length > 0) void this.confirmRefusals(refusable);
    return batch;
  }

  /** Puts a request into the batch or beside it; false when memory knows a reason to refuse it. */
  private admit(batch: Batch, waiting: Waiting, memory: EventMemory | undefined): boolean {
    const { request } = waiting;
    const keyId = request.key === null ? null : `${request.userId} ${request.key}`;
    if (keyId !== null && batch.keys.has(keyId)) {
      batch.losers.push({ waiting, seats: [] });
      return true;
    }
    if (waiting.replay) {
      batch.claims.push({ waiting, claim: { ...request, wish: null, items: [] } });
      batch.keys.add(keyId!);
      return true;
    }
    const lost = seatsOf(request.items).filter((n) => batch.seats.has(n));
    if (lost.length > 0) {
      batch.losers.push({ waiting, seats: lost });
      return true;
    }
    if (memory && this.conflicts(request.items, memory).length > 0) return false;
    const picked = this.pick(batch, waiting, memory);
    if (picked === 'refused') return false;
    if (picked === 'lost') {
      batch.losers.push({ waiting, seats: [] });
      return true;
    }
    const claim: Claim = { ...request, items: [...request.items, ...picked.items], wish: picked.wish };
    for (const n of seatsOf(claim.items)) batch.seats.set(n, waiting);
    if (keyId !== null) batch.keys.add(keyId);
    batch.claims.push({ waiting, claim });
    return true;
  }

  private pick(
    batch: Batch,
    { request, losses }: Waiting,
    memory: EventMemory | undefined,
  ): Picked | 'lost' | 'refused' {
    const { wish, wishIds } = request;
    if (!wish) return { items: [], wish: null };
    if (!memory || losses >= LOSSES_BEFORE_LOCKED_PICK)
      return { items: wishIds.map((id) => ({ id, n: null, area: null })), wish };
    const own = seatsOf(request.items);
    const picker =
      own.length === 0 ? batch.picker! : this.picker(memory, (n) => !own.includes(n) && !batch.seats.has(n));
    const pick = picker.find(wish);
    if ('seats' in pick)
      return { items: pick.seats.map((n, i) => ({ id: wishIds[i]!, n, area: null })), wish: null };
    return batch.seats.size > 0 && 'seats' in batch.unclaimed!.find(wish) ? 'lost' : 'refused';
  }

  private picker(memory: EventMemory, allowed?: (n: number) => boolean): BestPicker {
    const { category, run, accessible } = memory.seats;
    const now = this.ports.now();
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

  private conflicts(items: readonly ClaimItem[], memory: EventMemory): number[] {
    const now = this.ports.now();
    return seatsOf(items).filter((n) => n < memory.count && !memory.isOpen(n, now));
  }

  /** Refuses what memory still refuses once it is known to be as new as these requests; the rest goes back in line. */
  private async confirmRefusals(refusable: Waiting[]): Promise<void> {
    try {
      const [used] = await Promise.all([
        this.ports.usedKeys(refusable.map((w) => w.request).filter((r) => r.key !== null)),
        this.ports.catchUp(),
      ]);
      const memory = this.ports.memory();
      const picker = memory && this.picker(memory);
      const again = refusable.filter((waiting) => {
        waiting.replay = used.has(waiting.request);
        return waiting.replay || !memory || !this.refuse(waiting, memory, picker!);
      });
      this.queue.unshift(...again);
      if (!this.running && this.queue.length > 0) void this.run();
    } catch (error) {
      for (const waiting of refusable) waiting.reject(error);
    }
  }

  private refuse({ request, reject }: Waiting, memory: EventMemory, shared: BestPicker): boolean {
    const conflicts = this.conflicts(request.items, memory);
    if (conflicts.length > 0) {
      reject(seatsTaken(conflicts));
      return true;
    }
    if (!request.wish) return false;
    const own = seatsOf(request.items);
    const picker = own.length === 0 ? shared : this.picker(memory, (n) => !own.includes(n));
    const pick = picker.find(request.wish);
    if ('seats' in pick) return false;
    reject(new DomainError(pick.refused));
    return true;
  }

  private async commit(batch: Batch): Promise<void> {
    const { claims } = batch;
    try {
      const result = await this.ports.claim(
        this.ports.memory()?.seq ?? 0,
        claims.map((c) => c.claim),
      );
      // A memory that could not be brought up to date catches up later; the holds are committed.
      await this.ports.learn(result).catch(() => {});
      claims.forEach(({ waiting, claim }, index) => this.answer(waiting, claim, result, index));
    } catch (error) {
      if (isConnectionError(error)) await this.answerAfterLostConnection(claims, error);
      else if (violatedConstraint(error) === 'booking_code') await this.commit(withNewCodes(batch));
      // A timeout is nobody's fault in particular: halves would wait as long again, each of them.
      else if (claims.length === 1 || isPassing(error))
        for (const { waiting } of claims) waiting.reject(translateDatabaseError(error) ?? error);
      else await this.commitHalves(batch);
    }
  }

  /** The database itself reported an error and changed nothing: one bad request must not fail the others. */
  private async commitHalves(batch: Batch): Promise<void> {
    const middle = batch.claims.length >> 1;
    await this.commit({ ...batch, claims: batch.claims.slice(0, middle) });
    await this.commit({ ...batch, claims: batch.claims.slice(middle) });
  }

  private answer(waiting: Waiting, claim: Claim, result: BatchResult, index: number): void {
    const outcome = result.outcomes[index]!;
    if ('held' in outcome) return waiting.resolve(outcome.held);
    const { refused } = outcome;
    if (refused === 'seats_taken' && waiting.request.wish) {
      waiting.losses++;
      const conflicts = seatsOf(waiting.request.items).filter((n) => result.conflicts.has(n));
      if (conflicts.length === 0) {
        this.queue.unshift(waiting);
        return;
      }
    }
    if (refused === 'seats_taken')
      return waiting.reject(seatsTaken(seatsOf(claim.items).filter((n) => result.conflicts.has(n))));
    waiting.reject(new DomainError(refused, refused.startsWith('idempotency') ? { retryAfter: 1 } : {}));
  }

  /** Whether the batch took effect is looked up by the ids; what cannot be found may still come, so it is unknown. */
  private async answerAfterLostConnection(claims: Batch['claims'], cause: unknown): Promise<void> {
    const found = await this.ports.find(claims.map((c) => c.claim.id)).catch(() => undefined);
    if (found && found.size > 0) await this.ports.catchUp().catch(() => {});
    for (const { waiting, claim } of claims) {
      const held = found?.get(claim.id);
      if (held) waiting.resolve(held);
      else waiting.reject(unknownOutcome(cause));
    }
  }

  /** Those that lost to another of their batch: refused when it has won, else first in line for the next. */
  private settleLosers(batch: Batch): void {
    if (batch.losers.length === 0) return;
    const memory = this.ports.memory();
    const again = batch.losers.filter(({ waiting, seats }) => {
      if (!memory || seats.length === 0 || waiting.request.key !== null) return true;
      const conflicts = this.conflicts(waiting.request.items, memory);
      if (conflicts.length === 0) return true;
      waiting.reject(seatsTaken(conflicts));
      return false;
    });
    this.queue.unshift(...again.map((loser) => loser.waiting));
  }
}

const seatsOf = (items: readonly ClaimItem[]): number[] => items.flatMap(({ n }) => (n === null ? [] : [n]));

/** One hold in 380,000 meets a code that is taken once there are a million bookings. */
const withNewCodes = (batch: Batch): Batch => ({
  ...batch,
  claims: batch.claims.map(({ waiting, claim }) => ({
    waiting,
    claim: { ...claim, code: newBookingCode() },
  })),
});

const seatsTaken = (conflicts: number[]): DomainError =>
  new DomainError('seats_taken', {
    detail: `Taken: seat ${conflicts.join(', ')}. Read the seat map again and choose others.`,
    extra: { conflicts },
  });

const unknownOutcome = (cause: unknown): DomainError =>
  new DomainError('outcome_unknown', {
    detail: `The connection to the database was lost (${cause instanceof Error ? cause.message : 'unknown'}). Look at your bookings, or retry with the same Idempotency-Key.`,
    retryAfter: 2,
  });
