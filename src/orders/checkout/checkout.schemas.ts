import { z } from 'zod';

const card = z.strictObject({
  number: z
    .string()
    .transform((value) => value.replaceAll(/[ -]/g, ''))
    .pipe(
      z
        .string()
        .regex(/^\d{12,19}$/, 'must have 12 to 19 digits')
        .refine(luhn, 'is not a card number'),
    ),
  expiry: z
    .string()
    .regex(/^(0[1-9]|1[0-2])\/\d{2}$/, 'must be MM/YY')
    .optional(),
  cvc: z
    .string()
    .regex(/^\d{3,4}$/, 'must have 3 or 4 digits')
    .optional(),
});

export const checkoutInput = z
  .strictObject({
    payment: z
      .discriminatedUnion('method', [
        z.strictObject({ method: z.literal('card'), card }).describe('A test card of the sandbox'),
        z
          .strictObject({
            method: z.literal('token'),
            token: z.string().regex(/^pm_\w{1,200}$/, 'must be a pm_…'),
          })
          .describe('A payment method that the browser made with Stripe'),
      ])
      .optional()
      .describe('Needed unless the booking costs nothing'),
    substitutes: z
      .boolean()
      .default(false)
      .describe(
        'If the payment comes so late that the seats are sold to others: other seats of the same category at the same price are fine, neighbours if they were. Otherwise the money goes back.',
      ),
  })
  .meta({ id: 'Checkout', example: { payment: { method: 'card', card: { number: '4242424242424242' } } } });
export type CheckoutInput = z.infer<typeof checkoutInput>;

/** The check digit of card numbers: catches a mistyped digit before anyone is asked. */
function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
  }
  return sum % 10 === 0;
}
