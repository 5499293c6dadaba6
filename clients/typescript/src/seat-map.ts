import { Emitter } from './emitter.js';
import type { Live } from './live.js';
import type { components } from './openapi.gen.js';
import { Problem } from './problem.js';

export type Geometry = components['schemas']['SeatMap'];
export type SeatStates = components['schemas']['SeatStates'];
export type SeatChanges = components['schemas']['SeatChanges'];
export type SeatSource = {
  geometry(): Promise<Geometry>;
  states(): Promise<SeatStates>;
  changes(since: number, epoch: string): Promise<SeatChanges>;
};

export const SEAT_STATES = ['free', 'held', 'booked', 'blocked'] as const;
export type SeatState = (typeof SEAT_STATES)[number];

const FREE = SEAT_STATES.indexOf('free');

export interface AreaState {
  readonly capacity: number;
  readonly held: number;
  readonly booked: number;
}

export interface SeatMapEvents {
  /** Numbers of the seats that may look different now; `all` after the state was read anew. */
  change: { readonly seats: readonly number[] | 'all'; readonly areas: boolean; readonly prices: boolean };
  /** `live`: followed over the socket; `polling`: asked for every few seconds; `opening`: not yet; `waiting`: not any more, at the moment. */
  status: 'opening' | 'live' | 'polling' | 'waiting';
}

const POLL_EVERY = 3_000;
const ASK_AGAIN_AFTER = 300;

/**
 * The seats of one event, exact by themselves: loads geometry and state, follows the changes, asks for what it lacks after
 * a gap or a broken connection, and begins anew where the server does not know that any more.
 */
export class SeatMap extends Emitter<SeatMapEvents> {
  /** Undefined until `load` has resolved. */
  geometry!: Geometry;
  /** By seat number, as indexes into `SEAT_STATES`. */
  states = new Uint8Array();
  readonly areas = new Map<string, AreaState>();
  /** Number of the last change in `states`; -1 before there are any. */
  seq = -1;
  epoch = '';
  status: SeatMapEvents['status'] = 'opening';
  /** How often what happened. */
  readonly seen = { frames: 0, ignored: 0, gaps: 0, snapshots: 0, answers: 0 };
  private prices = new Map<string, number>();
  private areaPrices = new Map<string, number>();
  private priceVersion = -1;
  private readonly stops: (() => void)[] = [];
  private asking = false;
  private askAgain = false;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    readonly eventId: string,
    private readonly source: SeatSource,
    private readonly live: Live,
  ) {
    super();
  }

  /** Reads geometry and state. Errors: `Problem` and those of the network. */
  async load(): Promise<this> {
    const [geometry, states] = await Promise.all([this.source.geometry(), this.source.states()]);
    this.geometry = geometry;
    this.begin(states);
    return this;
  }

  /** Follows the changes until `close`. */
  watch(): this {
    const mine = (work: (payload: never) => void) => (payload: { eventId: string }) => {
      if (payload.eventId === this.eventId) work(payload as never);
    };
    this.stops.push(
      this.live.on('connected', () => this.ask()),
      this.live.on('disconnected', () => this.become('waiting')),
      this.live.on(
        'seats.changed',
        mine((frame: SeatChanges) => this.onFrame(frame)),
      ),
      this.live.on('seats.snapshot', mine(this.begin.bind(this))),
      this.live.on(
        'seats.reset',
        mine(() => {
          this.epoch = '';
          this.ask();
        }),
      ),
    );
    this.timer = setInterval(() => void this.poll().catch(() => this.become('waiting')), POLL_EVERY);
    (this.timer as { unref?: () => void }).unref?.();
    this.live.open();
    if (this.live.connected) this.ask();
    return this;
  }

  close(): void {
    for (const stop of this.stops.splice(0)) stop();
    clearInterval(this.timer);
    if (this.live.connected) void this.live.ask('unwatch', { eventId: this.eventId }).catch(() => {});
  }

  stateOf(n: number): SeatState {
    return SEAT_STATES[this.states[n]!]!;
  }

  isFree(n: number): boolean {
    return this.states[n] === FREE;
  }

  get hasFreeSeats(): boolean {
    return this.states.includes(FREE);
  }

  /** Minor units; undefined: not for sale. */
  priceOf(n: number): number | undefined {
    const { categories, seats } = this.geometry;
    return this.prices.get(categories[seats.category[n]!]!.name);
  }

  priceOfCategory(name: string): number | undefined {
    return this.prices.get(name);
  }

  priceOfArea(name: string): number | undefined {
    return this.areaPrices.get(name);
  }

  private onFrame(frame: SeatChanges): void {
    this.seen.frames++;
    if (this.seq >= 0) this.apply(frame);
  }

  /** The rule of the contract. */
  private apply({ epoch, from, to, changes, areas = [], priceVersion }: SeatChanges): void {
    if (epoch !== this.epoch || to <= this.seq) {
      this.seen.ignored++;
      return;
    }
    if (from > this.seq) {
      this.seen.gaps++;
      this.ask();
      return;
    }
    for (const [n, state] of changes) this.states[n!] = state!;
    for (const [area, held, booked] of areas as [string, number, number][])
      this.areas.set(area, { capacity: this.areas.get(area)?.capacity ?? 0, held, booked });
    this.seq = to;
    this.emit('change', { seats: changes.map(([n]) => n!), areas: areas.length > 0, prices: false });
    if (priceVersion !== this.priceVersion) void this.readAnew().catch(() => {});
  }

  private begin({ epoch, seq, count, states, areas, prices }: SeatStates): void {
    // Read before changes that have come meanwhile.
    if (epoch === this.epoch && seq < this.seq) return;
    this.seen.snapshots++;
    this.states = unpack(states, count);
    this.areas.clear();
    for (const { area, capacity, held, booked } of areas) this.areas.set(area, { capacity, held, booked });
    this.prices = new Map(prices.categories.map(({ category, price }) => [category, price]));
    this.areaPrices = new Map(prices.areas.map(({ area, price }) => [area, price]));
    this.priceVersion = prices.version;
    this.epoch = epoch;
    this.seq = seq;
    this.emit('change', { seats: 'all', areas: true, prices: true });
  }

  private async readAnew(): Promise<void> {
    this.begin(await this.source.states());
  }

  /** Watches from where it is: the answer has what is missing. One question at a time. */
  private ask(): void {
    if (this.asking) {
      this.askAgain = true;
      return;
    }
    this.asking = true;
    void this.follow()
      // A connection that is gone has a successor that asks; a busy server is asked again.
      .catch(() => {
        setTimeout(() => this.live.connected && this.stops.length > 0 && this.ask(), ASK_AGAIN_AFTER);
      })
      .finally(() => {
        this.asking = false;
        const again = this.askAgain;
        this.askAgain = false;
        if (again && this.live.connected) this.ask();
      });
  }

  private async follow(): Promise<void> {
    const known = this.seq >= 0 && this.epoch !== '' && { since: this.seq, epoch: this.epoch };
    const answer = await this.live.ask('watch', { eventId: this.eventId, ...known });
    if ('snapshot' in answer) this.begin(answer.snapshot);
    else if ('changes' in answer) {
      this.seen.answers++;
      this.apply(answer.changes);
    }
    this.become('live');
  }

  /** Where sockets do not get through. */
  private async poll(): Promise<void> {
    if (this.live.connected) return;
    try {
      this.apply(await this.source.changes(Math.max(0, this.seq), this.epoch));
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 410) throw error;
      await this.readAnew();
    }
    if (!this.live.connected) this.become('polling');
  }

  private become(status: SeatMapEvents['status']): void {
    if (status === this.status) return;
    this.status = status;
    this.emit('status', status);
  }
}

/** Two bits a seat, four seats a byte, the first in the lowest bits. */
export function unpack(base64: string, count: number): Uint8Array<ArrayBuffer> {
  const bytes = atob(base64);
  const states = new Uint8Array(count);
  for (let n = 0; n < count; n++) states[n] = (bytes.charCodeAt(n >> 2) >> ((n & 3) * 2)) & 3;
  return states;
}
