import { z } from 'zod';
import {
  currencyCode,
  flag,
  instant,
  minorUnits,
  page,
  pageOf,
  uuid,
} from '../../platform/common/schemas.js';
import { PAYMENT_STATUSES, REFUND_STATUSES } from './payments.repository.js';

export { REFUND_STATUSES };

const PAYMENT_EXAMPLE = {
  id: '019ab0c0-0000-7000-8000-0000000000f1',
  bookingId: '019ab0c0-0000-7000-8000-0000000000b1',
  eventId: '019ab0c0-0000-7000-8000-0000000000e1',
  method: 'card',
  provider: 'sandbox',
  amount: 3600,
  currency: 'EUR',
  status: 'captured' as const,
  failure: null,
  createdAt: '2027-08-01T10:02:00.000Z',
  refunds: [
    {
      id: '019ab0c0-0000-7000-8000-0000000000f2',
      amount: 1200,
      status: 'succeeded' as const,
      createdAt: '2027-08-02T09:00:00.000Z',
    },
  ],
};

const paymentBody = z
  .strictObject({
    id: uuid,
    bookingId: uuid,
    eventId: uuid,
    method: z.string(),
    provider: z.string(),
    amount: minorUnits,
    currency: currencyCode,
    status: z.enum(PAYMENT_STATUSES),
    failure: z.string().nullable().describe('Why it was declined'),
    createdAt: instant,
    refunds: z.array(
      z.strictObject({ id: uuid, amount: minorUnits, status: z.enum(REFUND_STATUSES), createdAt: instant }),
    ),
  })
  .meta({ id: 'Payment', example: PAYMENT_EXAMPLE });

export const paymentQuery = page.extend({ bookingId: uuid.optional() });
export type PaymentQuery = z.infer<typeof paymentQuery>;

export const paymentPage = pageOf(paymentBody).meta({
  id: 'PaymentPage',
  example: { data: [PAYMENT_EXAMPLE], next: null },
});
export type PaymentPage = z.infer<typeof paymentPage>;

export const paymentMethodQuery = z.strictObject({
  sandbox: flag.default(false).describe('true: for a sandbox event, whose payments move no money'),
});
export type PaymentMethodQuery = z.infer<typeof paymentMethodQuery>;

export const paymentMethod = z
  .strictObject({
    provider: z.enum(['sandbox', 'stripe']),
    method: z.enum(['card', 'token']).describe('The `payment.method` that a checkout takes now'),
    publishableKey: z.string().nullable().describe('For Stripe.js, which makes the token'),
  })
  .meta({
    id: 'PaymentMethod',
    example: { provider: 'stripe', method: 'token', publishableKey: 'pk_test_51Qw1aB2eZvKYlo2C' },
  });
export type PaymentMethod = z.infer<typeof paymentMethod>;
