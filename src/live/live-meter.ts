import type { MetersService } from '../platform/observability/meters.service.js';
import type { LiveNamespace } from './live.messages.js';
import type { LiveRoom } from './live-room.js';

/** Metrics of watchers, and of frames sent to them. */
export class LiveMeter {
  private namespace: LiveNamespace | undefined;
  private readonly frames: () => void;
  private readonly deliveries: (by: number) => void;

  constructor(meters: MetersService, rooms: ReadonlyMap<string, { readonly room: LiveRoom }>) {
    const sum = (of: 'keeping' | 'lagging') => () => {
      let total = 0;
      for (const { room } of rooms.values()) total += room.sizes[of];
      return total;
    };
    meters.gauge('evently_live_sockets', 'Sockets in /live', () => this.namespace?.sockets.size ?? 0);
    meters.gauge('evently_live_rooms', 'Events that somebody watches on this replica', () => rooms.size);
    meters.gauge('evently_live_watchers', 'Pairs of a socket and an event that it watches', sum('keeping'));
    meters.gauge(
      'evently_live_lagging_watchers',
      'Watchers that get no frames until their buffers have drained',
      sum('lagging'),
    );
    this.frames = meters.counter('evently_live_frames_total', 'Frames of changed seats').child();
    this.deliveries = meters
      .counter('evently_live_deliveries_total', 'Frames sent, counted once for each socket')
      .child();
  }

  serve(namespace: LiveNamespace): void {
    this.namespace = namespace;
  }

  sent(room: LiveRoom): void {
    this.frames();
    this.deliveries(room.sizes.keeping);
  }
}
