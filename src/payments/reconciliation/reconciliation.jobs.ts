import { Injectable } from '@nestjs/common';
import { Every } from '../../platform/jobs/jobs.decorators.js';
import { ReconciliationService } from './reconciliation.service.js';

const HOUR = 3_600_000;
/**
 * Time span compared again, because checkouts in it may have been under way: one takes at most a quarter of an hour.
 */
const OVERLAP = 2 * HOUR;
/** Longer than banks keep money set aside, which is a week. */
const DEEP = 8 * 24 * HOUR;

/** Comparing with the provider often for what is new, and now and then for all that may still change. */
@Injectable()
export class ReconciliationJobs {
  constructor(private readonly reconciliation: ReconciliationService) {}

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
