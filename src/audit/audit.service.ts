import { Injectable } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { AuditRepository, type Finding } from './audit.repository.js';

export type { Finding } from './audit.repository.js';

/** An audit reads whole tables; scrapes between two share its result. */
const GAUGE_MAX_AGE_MS = 60_000;

/** Whether what may never happen has happened. */
@Injectable()
export class AuditService {
  private last: { at: number; findings: Promise<Finding[]> } | undefined;

  constructor(
    private readonly audits: AuditRepository,
    registry: Registry,
  ) {
    const gauge: Gauge<'invariant'> = new Gauge({
      name: 'evently_invariant_violations',
      help: 'Violations of what may never happen, by invariant; must be zero',
      labelNames: ['invariant'],
      registers: [registry],
      collect: async () => {
        for (const { invariant, violations } of await this.recent()) gauge.set({ invariant }, violations);
      },
    });
  }

  /** Looks now. One finding for each invariant, also when nothing is wrong. */
  run(): Promise<Finding[]> {
    return this.audits.run();
  }

  private recent(): Promise<Finding[]> {
    if (!this.last || Date.now() - this.last.at > GAUGE_MAX_AGE_MS) {
      const findings = this.run();
      this.last = { at: Date.now(), findings };
      findings.catch(() => {
        this.last = undefined;
      });
    }
    return this.last.findings;
  }
}
