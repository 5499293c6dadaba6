import { z } from 'zod';
import { minorUnits } from '../platform/common/schemas.js';

const hours = z
  .int()
  .min(0)
  .max(366 * 24);

const fields = {
  fullUntilHours: hours
    .nullable()
    .describe('Hours before the start until which the whole price is paid back; null: never'),
  partialUntilHours: hours.nullable().describe('After that, until when a part of it is; null: never'),
  partialPercent: z.int().min(0).max(100).describe('That part, rounded down for each ticket'),
  feePerTicket: minorUnits.describe('Part of each price that is a fee'),
  refundFees: z.boolean().describe('false: fees are kept, also when the rest is paid back'),
};

/** Share that buyers get back for returned tickets; nothing from the start of the event on. */
export const refundPolicy = z.strictObject(fields).meta({ id: 'RefundPolicy' });
export type RefundPolicy = Readonly<z.infer<typeof refundPolicy>>;

export const FULL_UNTIL_START: RefundPolicy = {
  fullUntilHours: 0,
  partialUntilHours: null,
  partialPercent: 0,
  feePerTicket: 0,
  refundFees: true,
};

export const refundPolicyInput = z
  .strictObject({
    fullUntilHours: fields.fullUntilHours.default(FULL_UNTIL_START.fullUntilHours),
    partialUntilHours: fields.partialUntilHours.default(FULL_UNTIL_START.partialUntilHours),
    partialPercent: fields.partialPercent.default(FULL_UNTIL_START.partialPercent),
    feePerTicket: fields.feePerTicket.default(FULL_UNTIL_START.feePerTicket),
    refundFees: fields.refundFees.default(FULL_UNTIL_START.refundFees),
  })
  .refine(
    ({ fullUntilHours: full, partialUntilHours: part }) => full === null || part === null || part < full,
    { path: ['partialUntilHours'], message: 'must be less than fullUntilHours' },
  )
  .meta({
    id: 'RefundPolicyInput',
    example: {
      fullUntilHours: 168,
      partialUntilHours: 24,
      partialPercent: 50,
      feePerTicket: 150,
      refundFees: false,
    },
  });
