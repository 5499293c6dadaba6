import { Injectable, Logger } from '@nestjs/common';
import { PaymentsService } from '../../payments/payments/payments.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { outcomeError } from '../../platform/common/outcome-error.js';
import { SagasService } from '../../platform/saga/sagas.service.js';
import { CancellationRepository } from './cancellation.repository.js';
import type { SettledRefund, SettleInput } from './cancellation.schemas.js';

/** Refunds that the provider would not pay, ended by operators. */
@Injectable()
export class SettlementsService {
  private readonly log = new Logger(SettlementsService.name);

  constructor(
    private readonly cancellations: CancellationRepository,
    private readonly payments: PaymentsService,
    private readonly sagas: SagasService,
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
