import { Injectable } from '@nestjs/common';
import { EventsService } from '../../events/events.service.js';
import { type PaymentRecord, PaymentsService } from '../../payments/payments/payments.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { CallResult } from '../../platform/common/call-result.js';
import { DomainError } from '../../platform/common/domain-error.js';
import type { IdempotentCall } from '../../platform/common/idempotent-call.js';
import { newId } from '../../platform/common/ids.js';
import { outcomeError } from '../../platform/common/outcome-error.js';
import { SagasService } from '../../platform/saga/sagas.service.js';
import { CANCELLATION } from '../order-sagas.js';
import { RefundsRepository } from './refunds.repository.js';
import type { RefundBody } from './refunds.schemas.js';

/** Refunds that an organizer grants as goodwill: the tickets stay valid. */
@Injectable()
export class RefundsService {
  constructor(
    private readonly payments: PaymentsService,
    private readonly events: EventsService,
    private readonly refunds: RefundsRepository,
    private readonly sagas: SagasService,
  ) {}

  /**
   * Pays back a part of a payment, `amount` in minor units. Under way: the provider has not answered yet, or
   * refused.
   * Errors: `not_found`, `refund_exceeds_payment` with `left`.
   */
  async grant(
    user: Principal,
    paymentId: string,
    amount: number,
    call: IdempotentCall | undefined,
  ): Promise<CallResult<RefundBody>> {
    const payment = await this.findOwned(user, paymentId);
    const saga = this.sagas.newLease();
    const refundId = newId();
    const begun = await this.refunds.begin({ paymentId, amount, refundId, saga, actor: user.id }, call);
    if (begun.outcome === 'refund_exceeds_payment')
      throw new DomainError('refund_exceeds_payment', { extra: { left: begun.left } });
    if (begun.outcome !== 'ok' && begun.outcome !== 'replay') throw outcomeError(begun.outcome);
    if (begun.outcome === 'ok')
      await this.sagas.follow({
        ...saga,
        kind: CANCELLATION.kind,
        step: CANCELLATION.steps.indexOf('refund'),
        subjectId: payment.bookingId,
        eventId: payment.eventId,
        data: { refundId },
        actor: user.id,
      });
    const answer = await this.answer(payment, begun.subject!);
    return begun.outcome === 'replay' ? answer.asReplay() : answer;
  }

  private async findOwned(user: Principal, paymentId: string): Promise<PaymentRecord> {
    const payment = await this.payments.find(paymentId);
    if (!payment) throw new DomainError('not_found', { detail: 'There is no such payment of your events.' });
    await this.events.findFor(user, 'refunds', payment.eventId);
    return payment;
  }

  private async answer(
    { id: paymentId, bookingId, currency }: PaymentRecord,
    refundId: string,
  ): Promise<CallResult<RefundBody>> {
    const { id, amount, status } = (await this.payments.findRefund(refundId))!;
    const body = { id, paymentId, bookingId, amount, currency, status };
    return new CallResult(body, { underWay: status !== 'succeeded' });
  }
}
