import { setImmediate } from 'node:timers/promises';
import type { Span } from '@opentelemetry/api';
import {
  changesSince,
  type EventMemory,
  type SeatChanges,
  statesOf,
} from '../inventory/seat-map/seat-states.service.js';
import { hasDrained, isSlow } from './backpressure.js';
import type { LiveNamespace, LiveSocket } from './live.messages.js';
import { SharedFrame } from './shared-frame.js';

/** Links of one frame. */
const CAUSES = 16;
/** Milliseconds at a stretch: a frame to 5,000 sockets takes 50 to 200 ms, in which no hold would be answered. */
const LONGEST_TURN = 4;

/**
 * The sockets that watch one event. Sockets that keep up share each frame, encoded once. A socket that does not is left
 * out (`lagging`, with the seq it has been sent) until its buffers are empty, and then gets all it missed in one
 * message.
 */
export class LiveRoom {
  /** Seq up to which frames have been sent. */
  at: number;
  /** Spans of traced requests whose changes go out with the next frame. */
  causes: Span[] = [];
  private readonly members = new Set<LiveSocket>();
  private readonly lagging = new Map<LiveSocket, number>();

  constructor(
    private memory: EventMemory,
    private readonly namespace: LiveNamespace,
  ) {
    this.at = memory.seq;
  }

  get eventId(): string {
    return this.memory.eventId;
  }

  get epoch(): string {
    return this.memory.epoch;
  }

  get isEmpty(): boolean {
    return this.members.size === 0 && this.lagging.size === 0;
  }

  causedBy(span: Span | undefined): void {
    if (span && this.causes.length < CAUSES) this.causes.push(span);
  }

  /** Sockets that share the frames, and those that are left out until they have drained. */
  get sizes(): { keeping: number; lagging: number } {
    return { keeping: this.members.size, lagging: this.lagging.size };
  }

  /** Whether a flush has something to do. */
  get isBehind(): boolean {
    return this.at < this.memory.seq || this.lagging.size > 0;
  }

  /** Lets a socket in that has the state of `seq`. */
  add(socket: LiveSocket, seq: number): void {
    this.remove(socket);
    if (seq >= this.at) this.members.add(socket);
    else this.lagging.set(socket, seq);
  }

  remove(socket: LiveSocket): void {
    this.lagging.delete(socket);
    this.members.delete(socket);
  }

  /** The event was loaded anew. */
  follow(memory: EventMemory): void {
    const sameHistory = memory.epoch === this.memory.epoch && memory.seq >= this.at;
    this.memory = memory;
    if (!sameHistory) this.reset();
  }

  /** Sends everybody away to fetch the state. */
  reset(): void {
    const { eventId, epoch, seq } = this.memory;
    this.at = seq;
    for (const socket of this.lagging.keys()) this.members.add(socket);
    this.lagging.clear();
    this.tellAll(new SharedFrame(this.namespace.name, 'seats.reset', { eventId, epoch }));
  }

  /** The frame that is due, if memory reaches back to `at`. */
  frame(): SeatChanges | undefined {
    return changesSince(this.memory, this.at);
  }

  /** Sends a frame to all that keep up, letting requests in between. Frames of before a reset are not sent. */
  async send(frame: SeatChanges): Promise<void> {
    const { from, to } = frame;
    const isDue = () => this.at === to && this.epoch === frame.epoch;
    if (from !== this.at || frame.epoch !== this.epoch) return;
    // Sockets that join while the frame is being sent have at least this state, or are caught up afterwards.
    this.at = to;
    const shared = new SharedFrame(this.namespace.name, 'seats.changed', frame);
    let began = performance.now();
    for (const socket of [...this.members]) {
      if (performance.now() - began > LONGEST_TURN) {
        await setImmediate();
        began = performance.now();
      }
      if (!isDue()) return;
      if (!this.members.has(socket)) continue;
      if (isSlow(socket)) this.leaveBehind(socket, from);
      else if (to > from) shared.sendTo(socket);
    }
  }

  /** Sends the missed changes to lagging sockets whose buffers are empty again. */
  catchUpLagging(): void {
    for (const [socket, seq] of this.lagging) {
      if (!hasDrained(socket)) continue;
      const missed = changesSince(this.memory, seq);
      if (missed) socket.emit('seats.changed', missed);
      else socket.emit('seats.snapshot', statesOf(this.memory));
      this.lagging.delete(socket);
      this.members.add(socket);
    }
  }

  private tellAll(frame: SharedFrame<'seats.changed' | 'seats.reset'>): void {
    for (const socket of this.members) frame.sendTo(socket);
  }

  private leaveBehind(socket: LiveSocket, seq: number): void {
    this.members.delete(socket);
    this.lagging.set(socket, seq);
  }
}
