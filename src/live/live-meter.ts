import type { Meters } from '../observability/meters.service.js';
import type { LiveNamespace } from './live.messages.js';
import type { LiveRoom } from './live-room.js';

/** How many watch, and what goes out to them. */
export class LiveMeter {
  private namespace: LiveNamespace | undefined;
  private readonly frames: () => void;
  private readonly deliveries: (by: number) => void;

  constructor(meters: Meters, rooms: ReadonlyMap<string, { readonly room: LiveRoom }>) {
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
      'Those left out until their buffers have drained',
      sum('lagging'),
    );
    this.frames = meters.counter('evently_live_frames_total', 'Frames of changed seats').child();
    this.deliveries = meters
      .counter('evently_live_deliveries_total', 'Frames times the sockets that they were sent to')
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
