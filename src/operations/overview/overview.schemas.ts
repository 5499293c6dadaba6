import { z } from 'zod';

export const CONCERNS = [
  'violations',
  'parked_streams',
  'stuck_jobs',
  'discrepancies',
  'failed_mails',
  'late_facts',
] as const;
export type Concern = (typeof CONCERNS)[number];

const count = z.int().nullable();

export const overview = z
  .strictObject({
    attention: z
      .array(z.strictObject({ kind: z.enum(CONCERNS), count: z.int().min(1) }))
      .describe('Work that waits for an operator, worst first; empty when nothing does'),
    metrics: z
      .enum(['off', 'anybody', 'token'])
      .describe('Who may read `/metrics` of this replica: nobody, everybody, or who has its token'),
    slotSeconds: z.int(),
    slots: z
      .array(
        z.strictObject({
          at: z.iso.datetime().describe('Beginning of the slot'),
          holds: z.int().describe('Bookings made, of the whole installation'),
          sold: z.int().describe('Those of them that were sold'),
          refused: count.describe(
            'Holds that this replica refused; null: it did not run, or metrics are off',
          ),
          requests: count.describe('Answers of this replica to calls of the API'),
          p95Ms: z.number().nullable().describe('Time within which 95 % of these answers came'),
        }),
      )
      .describe('The last twelve hours, oldest first'),
  })
  .meta({
    id: 'Overview',
    example: {
      attention: [{ kind: 'failed_mails' as const, count: 2 }],
      metrics: 'anybody' as const,
      slotSeconds: 900,
      slots: [
        { at: '2026-11-25T10:00:00.000Z', holds: 120, sold: 96, refused: 7, requests: 4210, p95Ms: 41 },
      ],
    },
  });
export type Overview = z.infer<typeof overview>;
