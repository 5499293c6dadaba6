import { DomainError } from '../../platform/common/domain-error.js';
import { remembered } from '../../platform/observability/instruments.js';
import type { MetersService } from '../../platform/observability/meters.service.js';
import type { Held } from './holds.repository.js';

const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const SECONDS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 2, 5];

/** Metrics of this replica's lanes and of the outcomes of all hold requests. */
export class LaneMeter {
  private readonly size: (requests: number) => void;
  private readonly seconds: (seconds: number) => void;
  private readonly count: (outcome: string) => () => void;

  constructor(meters: MetersService, now: { lanes(): number; waiting(): number }) {
    this.size = meters
      .histogram(
        'evently_lane_batch_requests',
        'Requests for holds that went to the database together',
        SIZES,
      )
      .child();
    this.seconds = meters
      .histogram('evently_lane_commit_seconds', 'Time of a batch from its departure to its commit', SECONDS)
      .child();
    const outcomes = meters.counter(
      'evently_holds_total',
      'Requests for holds, by outcome: held, replayed, or the code of the refusal',
    );
    this.count = remembered(new Map(), (outcome) => outcomes.child({ outcome }));
    meters.gauge('evently_lanes', 'Events with a lane on this replica', () => now.lanes());
    meters.gauge('evently_lane_waiting_requests', 'Requests for holds that wait in all lanes', () =>
      now.waiting(),
    );
  }

  async batch<T>(requests: number, commit: Promise<T>): Promise<T> {
    const began = performance.now();
    const result = await commit;
    this.size(requests);
    this.seconds((performance.now() - began) / 1_000);
    return result;
  }

  held({ replayed }: Held): void {
    this.count(replayed ? 'replayed' : 'held')();
  }

  refused(error: unknown): void {
    this.count(error instanceof DomainError ? error.code : 'internal_error')();
  }
}
