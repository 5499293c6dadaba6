import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InventoryService } from '../../inventory/changes/inventory.service.js';
import {
  type PaymentRecord,
  PaymentsService,
  type RefundRecord,
} from '../../payments/payments/payments.service.js';
import { done, type SagaRun, type StepOutcome, stuck, untilKnown, wait } from '../../platform/saga/saga.js';
import { SagasService } from '../../platform/saga/sagas.service.js';
import { CANCELLATION } from '../order-sagas.js';
import { CancellationRepository } from './cancellation.repository.js';

interface Data {
  refundId: string;
  /** Provider's reference of the refund. */
  ref?: string;
}

/** Seconds until the next look at a payment that is being captured. */
const CAPTURE_SECONDS = 2;

/**
 * Saga of items that are `cancelling`: refunds their money, then frees their seats. No step is ever undone: a refund
 * that the provider refuses waits for an operator, who tries again or settles it by hand.
 */
@Injectable()
export class CancellationSaga implements OnModuleInit {
  constructor(
    private readonly sagas: SagasService,
    private readonly payments: PaymentsService,
    private readonly inventory: InventoryService,
    private readonly cancellations: CancellationRepository,
  ) {}

  onModuleInit(): void {
    this.sagas.define(CANCELLATION, {
      refund: { run: (saga: SagaRun<Data>) => this.refund(saga) },
      free: { run: (saga: SagaRun<Data>) => this.free(saga) },
    });
  }

  private async refund(saga: SagaRun<Data>): Promise<StepOutcome<Data>> {
    const refund = await this.open(saga);
    // The refund succeeded without a call: the capture was refused, so nothing had to be paid back.
    if (refund.settled || refund.status === 'succeeded' || refund.amount === 0) return done();
    const payment = await this.settled(refund.paymentId!);
    if (payment.status !== 'captured') return wait(CAPTURE_SECONDS, 'not_captured');
    const result = await this.payments.refund(refund, payment);
    if (result.outcome === 'unknown') return untilKnown(saga.attempt, 'no_answer');
    return result.outcome === 'refused' ? stuck(result.reason) : done({ ref: result.ref });
  }

  /** A payment that is not captured yet cannot be refunded: its checkout is asked to go on. */
  private async settled(paymentId: string): Promise<PaymentRecord> {
    const payment = (await this.payments.find(paymentId))!;
    if (payment.status !== 'authorized') return payment;
    await this.sagas.resume(paymentId);
    return (await this.payments.find(paymentId))!;
  }

  private async open(saga: SagaRun<Data>): Promise<RefundRecord> {
    const { refundId } = saga.data;
    const refund = (await this.payments.findRefund(refundId))!;
    if (refund.status !== 'refused' || refund.settled) return refund;
    await this.cancellations.reopen(saga, refundId);
    return (await this.payments.findRefund(refundId))!;
  }

  private async free(saga: SagaRun<Data>): Promise<StepOutcome<Data>> {
    const { refundId, ref } = saga.data;
    await this.inventory.commitChange(saga.eventId!, (since) =>
      this.cancellations.finish(saga, refundId, ref ?? null, since),
    );
    return done();
  }
}
