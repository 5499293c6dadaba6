import { z } from 'zod';
import { managedAccount } from '../../auth/accounts/accounts.schemas.js';
import { currencyCode, minorUnits, page } from '../../platform/common/schemas.js';

const ACCOUNT = managedAccount.meta()!.example as z.infer<typeof managedAccount>;

export const person = z
  .strictObject({
    account: managedAccount,
    sessions: z.int().describe('Open logins, 1,000 at most'),
    payments: z
      .array(
        z.strictObject({
          currency: currencyCode,
          captured: minorUnits.describe('Paid'),
          refunded: minorUnits.describe('Paid back'),
        }),
      )
      .describe('Sums of all bookings, by currency'),
  })
  .meta({
    id: 'Person',
    example: {
      account: ACCOUNT,
      sessions: 2,
      payments: [{ currency: 'EUR', captured: 5600, refunded: 2800 }],
    },
  });
export type Person = z.infer<typeof person>;

export const personBookingQuery = z.strictObject({ ...page.shape });
export type PersonBookingQuery = z.infer<typeof personBookingQuery>;
