import { io, type Socket } from 'socket.io-client';
import type { Json } from './client.js';
import { unpackStates } from './seat-states.js';

export interface WatcherOptions {
  token?: string;
  /** Loses this share of the frames, as if the network had. */
  loss?: number;
  transports?: ('websocket' | 'polling')[];
}

/** A frame, or the answer to `seats/changes`. */
interface Changes {
  eventId: string;
  epoch: string;
  from: number;
  to: number;
  changes: [number, number][];
  areas?: [string, number, number][];
}

interface Snapshot {
  eventId: string;
  epoch: string;
  seq: number;
  count: number;
  states: string;
  areas: { area: string; held: number; booked: number }[];
}

/**
 * The reference client of the live feed: keeps the exact state of one event. It applies frames by the rule of the
 * contract, asks for what it lacks after a gap or a reconnect, and begins anew where that is no longer known.
 */
export class SeatWatcher {
  states = new Uint8Array();
  /** [held, booked] by area. */
  readonly areas = new Map<string, [held: number, booked: number]>();
  seq = -1;
  epoch: string | undefined;
  /** How often what happened, for tests to see that it did. */
  readonly seen = {
    frames: 0,
    lost: 0,
    ignored: 0,
    gaps: 0,
    changes: 0,
    snapshots: 0,
    resets: 0,
    connects: 0,
  };
  readonly socket: Socket;
  private asking: Promise<void> | undefined;
  private askAgain = false;

  constructor(
    url: string,
    readonly eventId: string,
    readonly options: WatcherOptions = {},
  ) {
    this.socket = io(`${url}/live`, {
      transports: options.transports ?? ['websocket'],
      auth: options.token ? { token: options.token } : {},
      reconnectionDelay: 50,
      reconnectionDelayMax: 500,
      forceNew: true,
    });
    this.socket.on('connect', () => {
      this.seen.connects++;
      this.ask();
    });
    this.socket.on('seats.changed', (frame: Changes) => this.onFrame(frame));
    this.socket.on('seats.snapshot', (snapshot: Snapshot) => {
      if (snapshot.eventId === eventId) this.begin(snapshot);
    });
    this.socket.on('seats.reset', (reset: { eventId: string }) => {
      if (reset.eventId !== eventId) return;
      this.seen.resets++;
      this.epoch = undefined;
      this.ask();
    });
  }

  /** Resolves once the first state is there. */
  async ready(): Promise<this> {
    await this.until(() => this.seq >= 0);
    return this;
  }

  /** Resolves when the state of `seq` is there; fails after `ms`. */
  async reaches(seq: number, ms = 20_000): Promise<void> {
    await this.until(() => this.seq >= seq, ms);
  }

  close(): void {
    this.socket.disconnect();
  }

  private async until(reached: () => boolean, ms = 20_000): Promise<void> {
    const end = Date.now() + ms;
    while (!reached()) {
      if (Date.now() > end) throw new Error(`Watcher is at ${this.seq}: ${JSON.stringify(this.seen)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  private onFrame(frame: Changes): void {
    if (frame.eventId !== this.eventId) return;
    this.seen.frames++;
    if (Math.random() < (this.options.loss ?? 0)) this.seen.lost++;
    else if (this.seq >= 0) this.apply(frame);
  }

  private apply(changes: Changes): void {
    if (changes.epoch !== this.epoch || changes.to <= this.seq) {
      this.seen.ignored++;
    } else if (changes.from > this.seq) {
      this.seen.gaps++;
      this.ask();
    } else {
      for (const [n, state] of changes.changes) this.states[n] = state;
      for (const [area, held, booked] of changes.areas ?? []) this.areas.set(area, [held, booked]);
      this.seq = changes.to;
    }
  }

  private begin({ epoch, seq, count, states, areas }: Snapshot): void {
    this.seen.snapshots++;
    this.states = unpackStates(Buffer.from(states, 'base64'), count);
    for (const { area, held, booked } of areas) this.areas.set(area, [held, booked]);
    this.epoch = epoch;
    this.seq = seq;
  }

  /** Watches from where it is: the answer has what is missing. One question at a time. */
  private ask(): void {
    if (this.asking) {
      this.askAgain = true;
      return;
    }
    this.asking = this.watch()
      // A connection that is gone has a successor that asks; a busy server is asked again.
      .catch(() => {
        setTimeout(() => this.socket.connected && this.ask(), 200);
      })
      .finally(() => {
        this.asking = undefined;
        if (!this.askAgain) return;
        this.askAgain = false;
        if (this.socket.connected) this.ask();
      });
  }

  private async watch(): Promise<void> {
    const known = this.seq >= 0 && this.epoch !== undefined && { since: this.seq, epoch: this.epoch };
    const answer: Json = await this.socket
      .timeout(5_000)
      .emitWithAck('watch', { eventId: this.eventId, ...known });
    if (answer.error) throw new Error(answer.error.code);
    if (answer.snapshot) this.begin(answer.snapshot);
    else {
      this.seen.changes++;
      this.apply(answer.changes);
    }
  }
}
