import { Injectable, Logger } from '@nestjs/common';
import { Every } from '../jobs/jobs.decorators.js';
import { PaymentsService } from '../payments/payments.service.js';
import { CancellationService } from './cancellation.service.js';

const PIECE = 100;

/** Finishes what a crash, a timeout or a buyer's second step left unfinished: money and tickets, or neither. */
@Injectable()
export class RecoveryJobs {
  private readonly log = new Logger(RecoveryJobs.name);

  constructor(
    private readonly payments: PaymentsService,
    private readonly cancellations: CancellationService,
  ) {}

  @Every({ name: 'payments.recover', seconds: 5 })
  async recover(): Promise<void> {
    for (const refund of await this.payments.unfinishedRefunds(PIECE))
      await this.attempt('refund', refund.id, () => this.cancellations.advance(refund));
  }

  /** One that fails must not keep the others waiting. */
  private async attempt(kind: string, id: string, work: () => Promise<void>): Promise<void> {
    await work().catch((error) => this.log.error({ err: error, kind, id }, 'Could not be finished'));
  }
}
