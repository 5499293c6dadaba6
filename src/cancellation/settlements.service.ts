import { Injectable, Logger } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { outcomeError } from '../common/outcome-error.js';
import { PaymentsService } from '../payments/payments.service.js';
import { Sagas } from '../saga/sagas.service.js';
import { CancellationRepository } from './cancellation.repository.js';
import type { SettledRefund, SettleInput } from './cancellation.schemas.js';

/** Refunds that the provider would not pay, ended by operators. */
@Injectable()
export class Settlements {
  private readonly log = new Logger(Settlements.name);

  constructor(
    private readonly cancellations: CancellationRepository,
    private readonly payments: PaymentsService,
    private readonly sagas: Sagas,
  ) {}

  /** Ends a refund that is stuck and frees its seats. Errors: `not_found`, `refund_not_stuck`. */
  async settle(user: Principal, refundId: string, { how, note }: SettleInput): Promise<SettledRefund> {
    const result = await this.cancellations.settle(refundId, how, note, user.id);
    if (result.outcome !== 'ok') throw outcomeError(result.outcome);
    this.log.log({ refund: refundId, how }, 'A refund was settled by an operator');
    await this.sagas.resume(result.saga!);
    const { id, bookingId, amount, status } = (await this.payments.findRefund(refundId))!;
    return { id, bookingId, amount, status, settled: how };
  }
}
