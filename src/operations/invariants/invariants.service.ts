import { Injectable } from '@nestjs/common';
import { Every } from '../../platform/jobs/jobs.decorators.js';
import { MetersService } from '../../platform/observability/meters.service.js';
import { type Finding, InvariantsRepository } from './invariants.repository.js';

export type { Finding } from './invariants.repository.js';

const EVERY_SECONDS = 300;
/** An audit reads whole tables; in a large installation it comes less often, so that it takes this share of a core. */
const MAX_SHARE_OF_TIME = 0.05;

/** Audit of the invariants. */
@Injectable()
export class InvariantsService {
  constructor(
    private readonly audits: InvariantsRepository,
    meters: MetersService,
  ) {
    meters.installation(
      'invariants',
      [
        {
          name: 'evently_invariant_violations',
          help: 'Violations of each invariant at the last audit; must be zero',
        },
        {
          name: 'evently_invariants_checked_timestamp_seconds',
          help: 'Time of the last audit',
        },
        { name: 'evently_invariants_check_seconds', help: 'Duration of the last audit' },
      ],
      async () => {
        const last = await audits.last();
        if (!last) return [[], [], []];
        return [
          last.findings.map(({ invariant, violations }) => ({ labels: { invariant }, value: violations })),
          [{ value: last.at }],
          [{ value: last.seconds }],
        ];
      },
    );
  }

  /** Looks now and changes nothing. One finding for each invariant, also when nothing is wrong. */
  run(): Promise<Finding[]> {
    return this.audits.run();
  }

  /** Violations that the last audit found; 0 also before the first. */
  async violations(): Promise<number> {
    const last = await this.audits.last();
    return last?.findings.reduce((sum, { violations }) => sum + violations, 0) ?? 0;
  }

  /** Looks now, and keeps what was found for the gauges of every replica. */
  async record(): Promise<void> {
    const began = performance.now();
    const findings = await this.run();
    await this.audits.keep(findings, (performance.now() - began) / 1_000);
  }

  @Every({ name: 'audit', seconds: EVERY_SECONDS })
  async recordSometimes(): Promise<void> {
    const last = await this.audits.last();
    if (!last || last.ageSeconds > last.seconds / MAX_SHARE_OF_TIME) await this.record();
  }
}
