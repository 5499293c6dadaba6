import { shareOf } from './limits.rules.js';

/** Answer of Redis: `granted` requests may pass here, `left` remain for all replicas, the window ends in `ms`. */
export interface Lease {
  readonly granted: number;
  readonly left: number;
  readonly ms: number;
}

/** `unreported`: passed here without a lease. Undefined when Redis does not answer. */
export type AskLease = (unreported: number, window: number) => Promise<Lease | undefined>;

/** The requests of one client of one kind in one window, on this replica. */
export class RequestCount {
  private passed = 0;
  /** Leased and not used yet. */
  private granted = 0;
  /** Number of requests, within `passed` and `granted`, that Redis knows. */
  private known = 0;
  /** Requests left for all replicas, as last heard from Redis. */
  private shared: number;
  private exhausted = false;
  private asking: Promise<boolean> | undefined;

  constructor(
    readonly quota: number,
    private until: number,
  ) {
    this.shared = quota;
  }

  isOver(now: number): boolean {
    return now >= this.until;
  }

  secondsLeft(now: number): number {
    return Math.max(1, Math.ceil((this.until - now) / 1000));
  }

  get left(): number {
    return Math.max(0, Math.min(this.quota - this.passed, this.granted + this.shared));
  }

  /** Counts this replica's own requests only. */
  takeAlone(): boolean {
    if (this.passed >= this.quota) return false;
    this.passed++;
    this.shared = Math.max(0, this.shared - 1);
    return true;
  }

  /** Counts for all replicas; undefined: Redis has to be asked, by `lease`. */
  takeShared(): boolean | undefined {
    if (this.passed < shareOf(this.quota)) return this.takeAlone();
    if (this.granted === 0) return this.exhausted ? false : undefined;
    this.granted--;
    this.passed++;
    return true;
  }

  /** Gets more, once for all who wait. @returns false when there was no answer: then this replica counts alone */
  lease(ask: AskLease, now: () => number): Promise<boolean> {
    this.asking ??= this.ask(ask, now).finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async ask(ask: AskLease, now: () => number): Promise<boolean> {
    const reported = this.passed + this.granted;
    const lease = await ask(reported - this.known, Math.max(1, Math.ceil(this.until - now())));
    if (!lease) return false;
    this.known = reported + lease.granted;
    this.granted += lease.granted;
    this.shared = lease.left;
    this.exhausted = lease.granted === 0;
    this.until = now() + lease.ms;
    return true;
  }
}
