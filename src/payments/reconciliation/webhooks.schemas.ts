import { z } from 'zod';

/** Only what we read of an event; the signature covers its bytes, so it is checked on them. */
export const stripeEvent = z
  .looseObject({ id: z.string(), type: z.string(), data: z.looseObject({ object: z.looseObject({}) }) })
  .meta({
    id: 'StripeEvent',
    example: {
      id: 'evt_1Qw1aB2eZvKYlo2CabcDEFgh',
      type: 'payment_intent.amount_capturable_updated',
      data: { object: { object: 'payment_intent', id: 'pi_3Qw1aB2eZvKYlo2C0x1y2z3A' } },
    },
  });
