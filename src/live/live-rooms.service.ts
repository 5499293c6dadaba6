import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { SpanKind } from '@opentelemetry/api';
import { InventoryMemoryService } from '../inventory/memory/inventory-memory.service.js';
import {
  type EventMemory,
  type SeatChanges,
  SeatStatesService,
  statesOf,
} from '../inventory/seat-map/seat-states.service.js';
import { reaches } from '../platform/access/principal.js';
import { DomainError } from '../platform/common/domain-error.js';
import { currentSpan } from '../platform/common/request-context.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { MetersService } from '../platform/observability/meters.service.js';
import { tracedForAll } from '../platform/observability/tracing.js';
import type { LiveNamespace, LiveSocket, WatchAnswer, WatchRequest } from './live.messages.js';
import { LiveMeter } from './live-meter.js';
import { LiveRoom } from './live-room.js';

const EVENTS_PER_SOCKET = 20;

interface OpenRoom {
  readonly room: LiveRoom;
  readonly release: () => void;
}

/** Watchers of each event, and the frames that go to them each tick. */
@Injectable()
export class LiveRoomsService implements OnApplicationShutdown {
  private readonly log = new Logger(LiveRoomsService.name);
  private readonly rooms = new Map<string, OpenRoom>();
  private readonly watched = new WeakMap<LiveSocket, Set<string>>();
  private readonly stopListening: () => void;
  private readonly meter: LiveMeter;
  private timer: NodeJS.Timeout | undefined;
  private flushing = false;
  private namespace!: LiveNamespace;

  constructor(
    private readonly inventories: InventoryMemoryService,
    private readonly seats: SeatStatesService,
    @Inject(CONFIG) private readonly config: Config,
    meters: MetersService,
  ) {
    this.meter = new LiveMeter(meters, this.rooms);
    this.stopListening = inventories.onChange((memory, rows) => this.onChange(memory, rows.length === 0));
  }

  serve(namespace: LiveNamespace): void {
    this.namespace = namespace;
    this.meter.serve(namespace);
  }

  /**
   * Answers with the state, or what changed since; every later change follows in a frame.
   * Errors: `not_found`, `event_not_on_sale`, `too_many_watched`, `buyer_session_not_allowed`.
   */
  async watch(
    socket: LiveSocket,
    { eventId, since, epoch }: WatchRequest,
    answer: (answer: WatchAnswer) => void,
  ): Promise<void> {
    const { principal } = socket.data;
    if (principal && !reaches(principal, eventId)) throw new DomainError('buyer_session_not_allowed');
    const watched = this.watched.get(socket) ?? new Set();
    this.watched.set(socket, watched);
    if (!watched.has(eventId) && watched.size >= EVENTS_PER_SOCKET)
      throw new DomainError('too_many_watched', {
        detail: `A socket may watch ${EVENTS_PER_SOCKET} events; unwatch one or open another socket.`,
      });
    const changes =
      since === undefined
        ? undefined
        : await this.changes(() => this.seats.changes(principal, eventId, since, epoch));
    const opened = await this.seats.open(principal, eventId);
    if (!socket.connected) return;
    const memory = this.inventories.peek(eventId) ?? opened;
    // From here on in one turn: nothing can change between the state that is sent and the place in the room.
    const room = this.room(memory);
    // The memory's string is shared; the string of the request would be kept for each socket.
    watched.add(memory.eventId);
    answer(changes ? { ok: true, changes } : { ok: true, snapshot: statesOf(memory) });
    room.add(socket, changes?.to ?? memory.seq);
    if (room.isBehind) this.tickSoon();
  }

  unwatch(socket: LiveSocket, eventId: string): void {
    this.watched.get(socket)?.delete(eventId);
    const open = this.rooms.get(eventId);
    open?.room.remove(socket);
    if (!open?.room.isEmpty) return;
    this.rooms.delete(eventId);
    open.release();
  }

  forget(socket: LiveSocket): void {
    for (const eventId of this.watched.get(socket) ?? []) this.unwatch(socket, eventId);
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
    this.stopListening();
  }

  private room(memory: EventMemory): LiveRoom {
    const open = this.rooms.get(memory.eventId);
    if (open) return open.room;
    const room = new LiveRoom(memory, this.namespace);
    this.rooms.set(memory.eventId, { room, release: this.inventories.pin(memory.eventId) });
    return room;
  }

  private onChange(memory: EventMemory, loadedAnew: boolean): void {
    const room = this.rooms.get(memory.eventId)?.room;
    if (!room) return;
    if (loadedAnew) room.follow(memory);
    room.causedBy(currentSpan());
    this.tickSoon();
  }

  private tickSoon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.tick();
    }, this.config.live.tickMs);
  }

  private async tick(): Promise<void> {
    if (this.flushing) return;
    this.flushing = true;
    const behind = [...this.rooms.values()].filter(({ room }) => room.isBehind);
    for (const { room } of behind)
      await this.flush(room).catch((error: unknown) =>
        this.log.warn(
          { err: error, eventId: room.eventId },
          'A frame could not be built; the next tick tries again',
        ),
      );
    this.flushing = false;
    if ([...this.rooms.values()].some(({ room }) => room.isBehind)) this.tickSoon();
  }

  private async flush(room: LiveRoom): Promise<void> {
    const frame =
      room.frame() ?? (await this.changes(() => this.seats.changesFor(room.eventId, room.at, room.epoch)));
    if (!frame) return room.reset();
    const { causes } = room;
    room.causes = [];
    await tracedForAll(
      'seats.changed',
      {
        kind: SpanKind.PRODUCER,
        attributes: { 'evently.event_id': room.eventId, 'evently.sockets': room.sizes.keeping },
      },
      causes,
      () => room.send(frame),
    );
    this.meter.sent(room);
    room.catchUpLagging();
  }

  /** Undefined when the feed does not reach back that far: then the whole state is sent. */
  private async changes(read: () => Promise<SeatChanges>): Promise<SeatChanges | undefined> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof DomainError && error.code === 'feed_gone') return undefined;
      throw error;
    }
  }
}
