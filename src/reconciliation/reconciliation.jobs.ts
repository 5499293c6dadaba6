import { Injectable } from '@nestjs/common';
import { Every } from '../jobs/jobs.decorators.js';
import { Reconciliation } from './reconciliation.service.js';

const HOUR = 3_600_000;
/** What is compared again, because it may not have been at its end: a checkout takes at most a quarter of an hour. */
const OVERLAP = 2 * HOUR;
/** Longer than banks keep money set aside, which is a week. */
const DEEP = 8 * 24 * HOUR;

/** Comparing with the provider often for what is new, and now and then for all that may still change. */
@Injectable()
export class ReconciliationJobs {
  constructor(private readonly reconciliation: Reconciliation) {}

  @Every({ name: 'payments.reconcile', seconds: 300 })
  async recent(): Promise<void> {
    const until = await this.reconciliation.until();
    await this.reconciliation.run(new Date((until?.getTime() ?? Date.now() - DEEP) - OVERLAP));
  }

  @Every({ name: 'payments.reconcile-deep', seconds: 4 * 3_600 })
  async deep(): Promise<void> {
    await this.reconciliation.run(new Date(Date.now() - DEEP));
  }
}
