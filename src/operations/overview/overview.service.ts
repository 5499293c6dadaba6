import { Inject, Injectable } from '@nestjs/common';
import { DiscrepanciesService } from '../../payments/reconciliation/discrepancies.service.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { OutboxService } from '../../platform/facts/outbox.service.js';
import { MailOperationsService } from '../../platform/mail/mail-operations.service.js';
import { SagaOperationsService } from '../../platform/saga/saga-operations.service.js';
import { InvariantsService } from '../invariants/invariants.service.js';
import { OverviewRepository } from './overview.repository.js';
import { CONCERNS, type Concern, type Overview } from './overview.schemas.js';
import { quantileMs, requestsIn, SLOT_MS, SLOTS, slotOf } from './trend.rules.js';
import { TrendService } from './trend.service.js';

/** Readers of facts are that late when somebody should look; see the alert EventlyFactsLag. */
const LATE_SECONDS = 60;

/** First things that an operator sees: work that waits for a decision, and how the last hours went. */
@Injectable()
export class OverviewService {
  constructor(
    private readonly outbox: OutboxService,
    private readonly sagas: SagaOperationsService,
    private readonly mails: MailOperationsService,
    private readonly discrepancies: DiscrepanciesService,
    private readonly invariants: InvariantsService,
    private readonly holds: OverviewRepository,
    private readonly trend: TrendService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async read(): Promise<Overview> {
    await this.trend.follow();
    const [attention, slots] = await Promise.all([this.attention(), this.slots()]);
    const metrics = this.config.metrics?.readers ?? 'off';
    return { attention, metrics, slotSeconds: SLOT_MS / 1000, slots };
  }

  private async attention(): Promise<Overview['attention']> {
    const [violations, outbox, stuck, discrepancies, failed] = await Promise.all([
      this.invariants.violations(),
      this.outbox.read(),
      this.sagas.stuck(),
      this.discrepancies.open(),
      this.mails.failed(),
    ]);
    const counts: Record<Concern, number> = {
      violations,
      parked_streams: outbox.parked.filter(({ retryAt }) => retryAt === null).length,
      stuck_jobs: stuck,
      discrepancies,
      failed_mails: failed,
      late_facts: outbox.readers.filter(({ waitingSeconds }) => waitingSeconds > LATE_SECONDS).length,
    };
    return CONCERNS.map((kind) => ({ kind, count: counts[kind] })).filter(({ count }) => count > 0);
  }

  private async slots(): Promise<Overview['slots']> {
    const first = slotOf(Date.now()) - (SLOTS - 1) * SLOT_MS;
    const holds = new Map((await this.holds.holds(first, SLOT_MS)).map((count) => [count.slot, count]));
    return Array.from({ length: SLOTS }, (_, index) => {
      const slot = first + index * SLOT_MS;
      const found = this.trend.at(slot);
      return {
        at: new Date(slot).toISOString(),
        holds: holds.get(slot)?.holds ?? 0,
        sold: holds.get(slot)?.sold ?? 0,
        refused: found?.refused ?? null,
        requests: found ? requestsIn(found) : null,
        p95Ms: found ? quantileMs(found.answers, 0.95) : null,
      };
    });
  }
}
