import { z } from 'zod';
import { REFUND_STATUSES } from '../../payments/payments/payments.schemas.js';
import { currencyCode, minorUnits, uuid } from '../../platform/common/schemas.js';

export const refundInput = z
  .strictObject({
    amount: minorUnits.min(1).describe('Integer minor units; at most what is left of the payment'),
  })
  .meta({ id: 'GoodwillRefund', example: { amount: 500 } });
export type RefundInput = z.infer<typeof refundInput>;

export const refundBody = z
  .strictObject({
    id: uuid,
    paymentId: uuid,
    bookingId: uuid,
    amount: minorUnits,
    currency: currencyCode,
    status: z.enum(REFUND_STATUSES).describe('refused: waits for an administrator at `/admin/sagas`'),
  })
  .meta({
    id: 'Refund',
    example: {
      id: '019ab0c0-0000-7000-8000-0000000000f2',
      paymentId: '019ab0c0-0000-7000-8000-0000000000f1',
      bookingId: '019ab0c0-0000-7000-8000-0000000000b1',
      amount: 500,
      currency: 'EUR',
      status: 'succeeded',
    },
  });
export type RefundBody = z.infer<typeof refundBody>;
