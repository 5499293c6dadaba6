import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Treatment of the bytes on their way in one direction. */
export interface Weather {
  delayMs: number;
  /** Nothing gets through; nothing is lost. */
  frozen: boolean;
  bytesPerSecond: number;
  /** How many connections still get only half of their next message, and what happens to them then. */
  halves: { left: number; after: 'cut' | 'stall' };
  /** For tests to see that it did happen. */
  bytes: number;
  halved: number;
}

export const fair = (): Pick<Weather, 'delayMs' | 'frozen' | 'bytesPerSecond' | 'halves'> => ({
  delayMs: 0,
  frozen: false,
  bytesPerSecond: Number.POSITIVE_INFINITY,
  halves: { left: 0, after: 'cut' },
});

/** A sender whose bytes do not get through is stopped here, as by a full window. */
const WINDOW = 1 << 20;
const LOOK_AGAIN_MS = 5;

/** One direction of one connection. */
export class TcpPipe {
  /** Got half a message and nothing since. */
  stalled = false;
  private readonly waiting: { bytes: Buffer; due: number }[] = [];
  private size = 0;
  private over: 'ended' | 'broken' | undefined;
  private running = false;

  constructor(
    private readonly source: Socket,
    private readonly sink: Socket,
    private readonly weather: Weather,
    private readonly cut: () => void,
  ) {
    source.on('data', (bytes: Buffer) => this.take(bytes));
    source.on('close', (broken) => {
      this.over = broken ? 'broken' : 'ended';
      void this.run();
    });
  }

  private take(bytes: Buffer): void {
    this.waiting.push({ bytes, due: performance.now() + this.weather.delayMs });
    this.size += bytes.length;
    if (this.size > WINDOW) this.source.pause();
    void this.run();
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    for (let next = this.waiting[0]; next && !this.sink.destroyed; next = this.waiting[0]) {
      const late = next.due - performance.now();
      if (late > 0) await sleep(late);
      while (this.weather.frozen && !this.sink.destroyed) await sleep(LOOK_AGAIN_MS);
      this.waiting.shift();
      await this.forward(next.bytes);
      this.size -= next.bytes.length;
      if (this.size <= WINDOW) this.source.resume();
    }
    // The end of a connection is news as well.
    while (this.over && this.weather.frozen && !this.sink.destroyed) await sleep(LOOK_AGAIN_MS);
    this.running = false;
    if (this.over === 'broken') this.cut();
    else if (this.over) this.sink.destroySoon();
  }

  private async forward(bytes: Buffer): Promise<void> {
    const { weather } = this;
    if (weather.halves.left > 0 && bytes.length > 1) {
      const { after } = weather.halves;
      weather.halves.left--;
      weather.halved++;
      const half = bytes.length >> 1;
      await this.write(bytes.subarray(0, half));
      if (after === 'cut') return this.cut();
      this.stalled = true;
      while (this.stalled && !this.sink.destroyed) await sleep(LOOK_AGAIN_MS);
      await this.write(bytes.subarray(half));
    } else await this.write(bytes);
  }

  private async write(bytes: Buffer): Promise<void> {
    if (this.sink.destroyed) return;
    this.weather.bytes += bytes.length;
    await new Promise<void>((resolve) => this.sink.write(bytes, () => resolve()));
    const pace = (bytes.length / this.weather.bytesPerSecond) * 1_000;
    if (pace > 1) await sleep(pace);
  }
}
