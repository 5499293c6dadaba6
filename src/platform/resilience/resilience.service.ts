import { Injectable, Logger } from '@nestjs/common';
import { remembered } from '../observability/instruments.js';
import { MetersService } from '../observability/meters.service.js';
import { Remote, type RemoteObserver, type RemoteOptions } from './remote.js';

export type { Remote } from './remote.js';

/** Creates guarded connections to other systems, each with its own breaker, and shows their state. */
@Injectable()
export class ResilienceService {
  private readonly log = new Logger(ResilienceService.name);
  private readonly calls;
  private readonly repeats;
  /** State of each system's breaker: true when it is open. */
  private readonly open = new Map<string, boolean>();

  constructor(meters: MetersService) {
    this.calls = meters.histogram(
      'evently_remote_call_seconds',
      'Calls of other systems, repetitions included, by outcome: answered, failed, timed_out, not_asked (breaker open)',
      [0.001, 0.005, 0.02, 0.1, 0.3, 1, 3, 10, 30],
    );
    this.repeats = meters.counter('evently_remote_repeats_total', 'Repetitions of failed calls');
    meters.gauge(
      'evently_remote_breaker_open',
      '1 while calls of a system are suspended because too many failed',
      () => Array.from(this.open, ([remote, open]) => ({ labels: { remote }, value: open ? 1 : 0 })),
    );
  }

  remote(remote: string, options: RemoteOptions): Remote {
    return new Remote(options, this.observer(remote));
  }

  /** Observer for a system whose calls are guarded in another way. */
  observer(remote: string): RemoteObserver {
    this.open.set(remote, false);
    const observer = (call: string, outcome: string) => this.calls.child({ remote, call, outcome });
    const observers = new Map<string, ReturnType<typeof observer>>();
    return {
      called: (call, outcome, seconds) => {
        const key = `${call} ${outcome}`;
        remembered(observers, () => observer(call, outcome))(key)(seconds);
      },
      repeated: this.repeats.child({ remote }),
      changed: (open) => {
        this.open.set(remote, open);
        this.log[open ? 'error' : 'log'](
          { remote },
          open ? 'Too many calls failed; no more for a while' : 'Calls succeed again',
        );
      },
    };
  }
}
