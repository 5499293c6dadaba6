import { z } from 'zod';
import { instant, page, pageOf, text, uuid } from '../../platform/common/schemas.js';
import { DISCREPANCY_STATUSES } from './discrepancies.repository.js';
import { DISCREPANCIES } from './reconciliation.rules.js';

const EXAMPLE = {
  id: '019ab0c0-0000-7000-8000-0000000000d1',
  provider: 'stripe',
  kind: 'refunded_elsewhere' as const,
  ref: 'pi_3Qw1aB2eZvKYlo2C0x1y2z3A',
  paymentId: '019ab0c0-0000-7000-8000-0000000000f1',
  expected: { refunded: 0 },
  found: { refunded: 1200 },
  status: 'open' as const,
  note: null,
  resolvedBy: null,
  foundAt: '2027-08-03T04:00:00.000Z',
  resolvedAt: null,
};

export const discrepancyBody = z
  .strictObject({
    id: uuid,
    provider: z.string(),
    kind: z.enum(DISCREPANCIES),
    ref: z.string().describe('Name of the charge with the provider'),
    paymentId: uuid.nullable().describe('Null when no payment here has the key of the charge'),
    expected: z.record(z.string(), z.unknown()).describe("State in Evently's books"),
    found: z.record(z.string(), z.unknown()).describe("State in the provider's books"),
    status: z.enum(DISCREPANCY_STATUSES).describe('`repaired`: the money went back by itself'),
    note: z.string().nullable(),
    resolvedBy: uuid.nullable(),
    foundAt: instant,
    resolvedAt: instant.nullable(),
  })
  .meta({ id: 'PaymentDiscrepancy', example: EXAMPLE });
export type DiscrepancyBody = z.infer<typeof discrepancyBody>;

export const discrepancyPage = pageOf(discrepancyBody).meta({
  id: 'PaymentDiscrepancyPage',
  example: { data: [EXAMPLE], next: null },
});
export type DiscrepancyPage = z.infer<typeof discrepancyPage>;

export const discrepancyQuery = page.extend({ status: z.enum(DISCREPANCY_STATUSES).optional() });
export type DiscrepancyQuery = z.infer<typeof discrepancyQuery>;

export const resolution = z.strictObject({ note: text(2_000).describe('Action that was taken') }).meta({
  id: 'DiscrepancyResolution',
  example: { note: 'Refunded by the box office after a double booking' },
});
export type Resolution = z.infer<typeof resolution>;

export const comparisonInput = z
  .strictObject({ days: z.int().min(1).max(31).default(8).describe('How far back to look') })
  .meta({ id: 'PaymentComparison', example: { days: 8 } });
export type ComparisonInput = z.infer<typeof comparisonInput>;

export const comparisonBody = z
  .strictObject({
    complete: z.boolean().describe('false: the provider did not answer all of it; ask again later'),
    until: instant.nullable().describe('Everything made or refunded before was compared'),
  })
  .meta({ id: 'PaymentComparisonAnswer', example: { complete: true, until: '2027-08-03T04:00:00.000Z' } });
export type ComparisonBody = z.infer<typeof comparisonBody>;
