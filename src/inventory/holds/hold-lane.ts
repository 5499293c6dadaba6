import {
  isConnectionError,
  isPassing,
  translateDatabaseError,
  violatedConstraint,
} from '../../platform/common/database-errors.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { newCode } from '../../platform/common/ids.js';
import { runOutsideContext } from '../../platform/common/request-context.js';
import type { EventMemory } from '../memory/event-memory.js';
import type { BestPicker } from './best-available.rules.js';
import {
  conflictsOf,
  type Entry,
  HoldBatch,
  type HoldRequest,
  pickerOf,
  seatsOf,
  type Waiting,
} from './hold-batch.js';
import type { BatchResult, Claim, Held } from './holds.repository.js';

/** Functions a lane needs from outside; the lane itself knows neither SQL nor Nest. */
export interface LanePorts {
  memory(): EventMemory | undefined;
  now(): number;
  /** Resolves when memory holds at least what was committed when this was called. */
  catchUp(): Promise<unknown>;
  /** Resolves when memory may refuse seats to requests that came before this was called. */
  confirm(): Promise<unknown>;
  claim(since: number, claims: readonly Claim[]): Promise<BatchResult>;
  /** Takes the rows and the clock that a batch brought back. */
  learn(result: BatchResult, claims: readonly Claim[]): Promise<void>;
  find(ids: readonly string[]): Promise<Map<string, Held>>;
  /** Returns the requests whose (user, key) pair was used before. */
  usedKeys(requests: readonly HoldRequest[]): Promise<Set<HoldRequest>>;
}

/** `outage`: the database could not be asked; every other request would fail the same way. */
type Fate = { readonly committed: boolean; readonly outage?: unknown };

const COMMITTED: Fate = { committed: true };

/**
 * Group commit of one event: collects the requests that come while a batch is under way, first come, first served.
 * There is no timer; a batch leaves when the lane is free.
 */
export class HoldLane {
  private queue: Waiting[] = [];
  private confirming = 0;
  private running = false;

  constructor(
    private readonly ports: LanePorts,
    private readonly limit: number,
  ) {}

  get waiting(): number {
    return this.queue.length + this.confirming;
  }

  get idle(): boolean {
    return !this.running && this.waiting === 0;
  }

  /** Errors: those of a hold, `overloaded` when too many wait, `outcome_unknown` when the database cannot be asked. */
  submit(request: HoldRequest): Promise<Held> {
    if (this.waiting >= this.limit)
      return Promise.reject(
        new DomainError('overloaded', {
          detail: 'Too many holds are waiting for this event.',
          retryAfter: 1,
        }),
      );
    return new Promise((resolve, reject) => {
      this.queue.push({ request, resolve, reject, losses: 0, replay: false });
      // The run serves all requests, so it must not carry the context of the request that starts it.
      if (!this.running) void runOutsideContext(() => this.run());
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.queue.length > 0) {
      const batch = this.collect();
      if (batch.claims.length > 0) this.settleLosers(batch, await this.commit(batch.claims));
    }
    this.running = false;
  }

  /** Takes requests from the queue that can go together; requests that memory would refuse are confirmed first. */
  private collect(): HoldBatch {
    const batch = new HoldBatch(this.ports.memory(), this.ports.now());
    const refusable: Waiting[] = [];
    let taken = 0;
    for (; taken < this.queue.length && !batch.full; taken++) {
      const waiting = this.queue[taken]!;
      if (waiting.request.isGone())
        waiting.reject(new DomainError('bad_request', { detail: 'The client has gone.' }));
      else if (!batch.admit(waiting)) refusable.push(waiting);
    }
    this.queue.splice(0, taken);
    if (refusable.length > 0) void this.confirmRefusals(refusable);
    return batch;
  }

  /** Refuses requests that memory still refuses once it is as new as they are; the others go back in line. */
  private async confirmRefusals(refusable: Waiting[]): Promise<void> {
    this.confirming += refusable.length;
    try {
      const [used] = await Promise.all([
        this.ports.usedKeys(refusable.map((w) => w.request).filter((r) => r.key !== null)),
        refusable.some(({ request }) => request.wish) ? this.ports.catchUp() : this.ports.confirm(),
      ]);
      const memory = this.ports.memory();
      const picker = memory && pickerOf(memory, this.ports.now());
      const again = refusable.filter((waiting) => {
        waiting.replay = used.has(waiting.request);
        return waiting.replay || !memory || !this.refuse(waiting, memory, picker!);
      });
      this.queue.unshift(...again);
    } catch (error) {
      for (const waiting of refusable) waiting.reject(error);
    }
    this.confirming -= refusable.length;
    if (!this.running) void this.run();
  }

  private refuse({ request, reject }: Waiting, memory: EventMemory, shared: BestPicker): boolean {
    const now = this.ports.now();
    const conflicts = conflictsOf(memory, now, request.items);
    if (conflicts.length > 0) {
      reject(seatsTaken(conflicts));
      return true;
    }
    if (!request.wish) return false;
    const own = seatsOf(request.items);
    const picker = own.length === 0 ? shared : pickerOf(memory, now, (n) => !own.includes(n));
    const pick = picker.find(request.wish);
    if ('seats' in pick) return false;
    reject(new DomainError(pick.refused));
    return true;
  }

  private async commit(claims: Entry[]): Promise<Fate> {
    try {
      const asked = claims.map((c) => c.claim);
      const result = await this.ports.claim(this.ports.memory()?.seq ?? 0, asked);
      // A memory that could not be brought up to date catches up later; the holds are committed.
      await this.ports.learn(result, asked).catch(() => {});
      // The next batch goes on its way first: the answers of this one take Node longer than the database needs for it.
      setImmediate(() => this.answerAll(claims, result));
      return COMMITTED;
    } catch (error) {
      if (violatedConstraint(error) === 'booking_code') return this.commit(withNewCodes(claims));
      if (isConnectionError(error)) return this.answerAfterLostConnection(claims, error);
      // A timeout is not caused by one request: each half would wait as long again.
      if (claims.length > 1 && !isPassing(error)) return this.commitHalves(claims);
      for (const { waiting } of claims) waiting.reject(translateDatabaseError(error) ?? error);
      return { committed: false, outage: isPassing(error) ? error : undefined };
    }
  }

  /**
   * Splits a batch after the database reported an error and changed nothing: one bad request must not fail the others.
   */
  private async commitHalves(claims: Entry[]): Promise<Fate> {
    const middle = claims.length >> 1;
    const first = await this.commit(claims.slice(0, middle));
    const second = await this.commit(claims.slice(middle));
    return { committed: first.committed || second.committed, outage: first.outage ?? second.outage };
  }

  private answerAll(claims: Entry[], result: BatchResult): void {
    claims.forEach(({ waiting, claim }, index) => this.answer(waiting, claim, result, index));
    if (!this.running) void this.run();
  }

  private answer(waiting: Waiting, claim: Claim, result: BatchResult, index: number): void {
    const outcome = result.outcomes[index]!;
    if ('held' in outcome) return waiting.resolve(outcome.held);
    const { refused } = outcome;
    if (refused !== 'seats_taken')
      return waiting.reject(
        new DomainError(refused, refused.startsWith('idempotency') ? { retryAfter: 1 } : {}),
      );
    const named = waiting.request.wish ? waiting.request.items : claim.items;
    const conflicts = seatsOf(named).filter((n) => result.conflicts.has(n));
    if (conflicts.length > 0) return waiting.reject(seatsTaken(conflicts));
    // Only the pick was lost.
    waiting.losses++;
    this.queue.unshift(waiting);
  }

  /** Looks the batch up by its ids; holds that are not found may still be committed, so their outcome is unknown. */
  private async answerAfterLostConnection(claims: Entry[], cause: unknown): Promise<Fate> {
    const found = await this.ports.find(claims.map((c) => c.claim.id)).catch(() => undefined);
    if (found && found.size > 0) await this.ports.catchUp().catch(() => {});
    for (const { waiting, claim } of claims) {
      const held = found?.get(claim.id);
      if (held) waiting.resolve(held);
      else waiting.reject(unknownOutcome(cause));
    }
    return { committed: found !== undefined && found.size > 0, outage: found ? undefined : cause };
  }

  /**
   * Settles requests that lost to another of their batch: refused if the other has won, else first in line for the
   * next.
   */
  private settleLosers({ losers }: HoldBatch, { committed, outage }: Fate): void {
    const memory = committed ? this.ports.memory() : undefined;
    const again: Waiting[] = [];
    for (const { waiting, seats } of losers) {
      const known = memory && seats.length > 0 && waiting.request.key === null;
      const conflicts = known ? conflictsOf(memory, this.ports.now(), waiting.request.items) : [];
      if (conflicts.length > 0) waiting.reject(seatsTaken(conflicts));
      // The losers were not tried, and trying them one by one would make each wait for the same outage.
      else if (outage) waiting.reject(translateDatabaseError(outage) ?? outage);
      else again.push(waiting);
    }
    this.queue.unshift(...again);
  }
}

/** Draws new booking codes: with a million bookings, one hold in 380,000 draws a code that is taken. */
const withNewCodes = (claims: Entry[]): Entry[] =>
  claims.map(({ waiting, claim }) => ({ waiting, claim: { ...claim, code: newCode() } }));

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
