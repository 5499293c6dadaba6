import { Injectable, Logger } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Remote, type RemoteObserver, type RemoteOptions } from './remote.js';

export type { Remote } from './remote.js';

/** Makes guarded ways to other systems, each with its own breaker, and shows how they do. */
@Injectable()
export class Resilience {
  private readonly log = new Logger(Resilience.name);
  private readonly calls;
  private readonly repeats;
  private readonly open;

  constructor(registry: Registry) {
    const registers = [registry];
    this.calls = new Histogram({
      name: 'evently_remote_call_seconds',
      help: 'Calls of other systems, repetitions included, by outcome: answered, failed, timed_out, not_asked (breaker open)',
      labelNames: ['remote', 'call', 'outcome'],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.3, 1, 3, 10, 30],
      registers,
    });
    this.repeats = new Counter({
      name: 'evently_remote_repeats_total',
      help: 'Repetitions of calls that had failed',
      labelNames: ['remote'],
      registers,
    });
    this.open = new Gauge({
      name: 'evently_remote_breaker_open',
      help: '1 while calls of a system are not made because too many failed',
      labelNames: ['remote'],
      registers,
    });
  }

  remote(remote: string, options: RemoteOptions): Remote {
    return new Remote(options, this.observer(remote));
  }

  /** Shows how a system does whose calls are guarded in another way. */
  observer(remote: string): RemoteObserver {
    this.open.set({ remote }, 0);
    return {
      called: (call, outcome, seconds) => this.calls.observe({ remote, call, outcome }, seconds),
      repeated: () => this.repeats.inc({ remote }),
      changed: (open) => {
        this.open.set({ remote }, open ? 1 : 0);
        this.log[open ? 'error' : 'log'](
          { remote },
          open ? 'Too many calls failed; no more for a while' : 'Calls succeed again',
        );
      },
    };
  }
}
