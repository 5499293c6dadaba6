import { Injectable } from '@nestjs/common';
import { Every } from '../jobs/jobs.decorators.js';
import { Meters } from '../observability/meters.service.js';
import { AuditRepository, type Finding } from './audit.repository.js';

export type { Finding } from './audit.repository.js';

const EVERY_SECONDS = 300;
/** An audit reads whole tables; in a large installation it comes less often, so that it takes this share of a core. */
const SHARE = 0.05;

/** Whether what may never happen has happened. */
@Injectable()
export class AuditService {
  constructor(
    private readonly audits: AuditRepository,
    meters: Meters,
  ) {
    meters.installation(
      'invariants',
      [
        {
          name: 'evently_invariant_violations',
          help: 'Violations of what may never happen, by invariant, at the last look; must be zero',
        },
        {
          name: 'evently_invariants_checked_timestamp_seconds',
          help: 'When somebody looked last',
        },
        { name: 'evently_invariants_check_seconds', help: 'How long that look took' },
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

  /** Looks now, and keeps what was found for the gauges of every replica. */
  async record(): Promise<void> {
    const began = performance.now();
    const findings = await this.run();
    await this.audits.keep(findings, (performance.now() - began) / 1_000);
  }

  @Every({ name: 'audit', seconds: EVERY_SECONDS })
  async recordSometimes(): Promise<void> {
    const last = await this.audits.last();
    if (!last || last.ageSeconds > last.seconds / SHARE) await this.record();
  }
}
