import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { DomainError } from '../common/domain-error.js';
import type { IdempotentCall } from '../common/idempotent-call.js';
import { newId } from '../common/ids.js';
import { outcomeError } from '../common/outcome-error.js';
import { EventsService } from '../events/events.service.js';
import { type PaymentRecord, PaymentsService } from '../payments/payments.service.js';
import { Sagas } from '../saga/sagas.service.js';
import { RefundsRepository } from './refunds.repository.js';
import type { RefundBody } from './refunds.schemas.js';

export interface RefundAnswer {
  readonly status: 200 | 202;
  readonly body: RefundBody;
}

/** Money that an organizer gives back of his own accord: the tickets stay good. */
@Injectable()
export class RefundsService {
  constructor(
    private readonly payments: PaymentsService,
    private readonly events: EventsService,
    private readonly refunds: RefundsRepository,
    private readonly sagas: Sagas,
  ) {}

  /**
   * Pays back a part of a payment, `amount` in minor units. 200: done; 202: the provider has not answered yet, or refused.
   * Errors: `not_found`, `refund_exceeds_payment` with `left`.
   */
  async giveBack(
    user: Principal,
    paymentId: string,
    amount: number,
    call: IdempotentCall,
  ): Promise<RefundAnswer> {
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
        kind: 'cancellation',
        step: 0,
        subjectId: payment.bookingId,
        eventId: payment.eventId,
        data: { refundId },
        actor: user.id,
      });
    const answer = await this.answer(payment, begun.subject!);
    if (begun.outcome === 'replay') call.replayed(answer.status);
    return answer;
  }

  private async findOwned(user: Principal, paymentId: string): Promise<PaymentRecord> {
    const payment = await this.payments.find(paymentId);
    if (!payment) throw new DomainError('not_found', { detail: 'There is no such payment of your events.' });
    await this.events.findOwned(user, payment.eventId);
    return payment;
  }

  private async answer(
    { id: paymentId, bookingId, currency }: PaymentRecord,
    refundId: string,
  ): Promise<RefundAnswer> {
    const { id, amount, status } = (await this.payments.findRefund(refundId))!;
    const body = { id, paymentId, bookingId, amount, currency, status };
    return { status: status === 'succeeded' ? 200 : 202, body };
  }
}
