import { z } from 'zod';
import { currencyCode, instant, minorUnits, text, uuid } from '../../platform/common/schemas.js';

const unique = (ids: readonly string[]) => new Set(ids).size === ids.length;
const itemIds = z.array(uuid).min(1).max(1_000).refine(unique, 'names an item twice');

const ITEM = '019ab0c0-0000-7000-8000-0000000000c1';

export const cancelInput = z
  .strictObject({ items: itemIds.optional().describe('Ids of items; absent for the whole booking') })
  .meta({ id: 'Cancellation', example: { items: [ITEM] } });
export type CancelInput = z.infer<typeof cancelInput>;

export const refundQuoteQuery = z.strictObject({
  items: z
    .string()
    .transform((list) => list.split(','))
    .pipe(itemIds)
    .optional()
    .describe('Ids of items, separated by commas; absent for the whole booking'),
});
export type RefundQuoteQuery = z.infer<typeof refundQuoteQuery>;

export const refundQuote = z
  .strictObject({
    bookingId: uuid,
    currency: currencyCode,
    price: minorUnits.describe('Price of the tickets that would be given back'),
    amount: minorUnits.describe('Amount that would be paid back now'),
    validUntil: instant.describe('The last moment at which it is as much'),
    items: z.array(z.strictObject({ id: uuid, price: minorUnits, amount: minorUnits })),
  })
  .meta({
    id: 'RefundQuote',
    example: {
      bookingId: '019ab0c0-0000-7000-8000-0000000000b1',
      currency: 'EUR',
      price: 2400,
      amount: 1125,
      validUntil: '2027-09-03T17:00:00.000Z',
      items: [{ id: ITEM, price: 2400, amount: 1125 }],
    },
  });
export type RefundQuote = z.infer<typeof refundQuote>;

export const SETTLEMENTS = ['paid_elsewhere', 'not_owed'] as const;

export const settleInput = z
  .strictObject({
    how: z
      .enum(SETTLEMENTS)
      .describe('paid_elsewhere: by bank transfer, say; not_owed: as when the bank took it back by itself'),
    note: text(500).describe('For those who look at it later'),
  })
  .meta({
    id: 'RefundSettlement',
    example: { how: 'paid_elsewhere', note: 'Bank transfer of 3 December, card account closed' },
  });
export type SettleInput = z.infer<typeof settleInput>;

export const settledRefund = z
  .strictObject({
    id: uuid,
    bookingId: uuid,
    amount: minorUnits,
    status: z.string().describe('succeeded: its seats are free'),
    settled: z.enum(SETTLEMENTS),
  })
  .meta({
    id: 'SettledRefund',
    example: {
      id: '019ab0c0-0000-7000-8000-0000000000f2',
      bookingId: '019ab0c0-0000-7000-8000-0000000000b1',
      amount: 2400,
      status: 'succeeded',
      settled: 'paid_elsewhere',
    },
  });
export type SettledRefund = z.infer<typeof settledRefund>;
