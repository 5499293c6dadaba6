import { z } from 'zod';
import { page, pageOf, uuid } from '../common/schemas.js';
import { SAGA_STATES } from './saga.js';

const nullableTime = z.iso.datetime().nullable();

const saga = z.strictObject({
  id: uuid,
  kind: z.string().describe('`checkout`, `cancellation`, …'),
  state: z.enum(SAGA_STATES),
  subjectId: uuid.describe('The booking or event it is about'),
  eventId: uuid.nullable(),
  step: z.string().nullable().describe('The step to do or undo next, null at the end'),
  attempts: z.int().describe('How often that step has been begun'),
  reason: z.string().nullable().describe('Why the last attempt failed, or why it is being undone'),
  dueAt: nullableTime.describe('When it goes on by itself'),
  correlationId: z.string().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

const SAGA_EXAMPLE = {
  id: '019ab0c0-0000-7000-8000-0000000000f1',
  kind: 'cancellation',
  state: 'stuck' as const,
  subjectId: '019ab0c0-0000-7000-8000-0000000000b1',
  eventId: '019ab0c0-0000-7000-8000-0000000000e1',
  step: 'refund',
  attempts: 1,
  reason: 'refund_refused',
  dueAt: null,
  correlationId: 'd1b0c7a2-0f0e-4a53-9a3c-7a1b2c3d4e5f',
  createdAt: '2026-11-25T10:00:00.000Z',
  updatedAt: '2026-11-25T10:00:01.000Z',
};

export const sagaPage = pageOf(saga).meta({ id: 'SagaPage', example: { data: [SAGA_EXAMPLE], next: null } });
export type SagaPage = z.infer<typeof sagaPage>;

export const sagaQuery = z.strictObject({
  ...page.shape,
  state: z.enum(SAGA_STATES).optional(),
  kind: z.string().max(64).optional(),
  subjectId: uuid.optional(),
});
export type SagaQuery = z.infer<typeof sagaQuery>;

export const sagaBody = z
  .strictObject({
    ...saga.shape,
    data: z.record(z.string(), z.unknown()).describe('Data that its steps have gathered'),
    steps: z.array(
      z.strictObject({
        name: z.string(),
        undo: z.boolean(),
        attempts: z.int(),
        outcome: z.string().nullable().describe('Null while it is under way'),
        reason: z.string().nullable(),
        begunAt: z.iso.datetime(),
        endedAt: nullableTime,
      }),
    ),
  })
  .meta({
    id: 'Saga',
    example: {
      ...SAGA_EXAMPLE,
      data: { refundId: '019ab0c0-0000-7000-8000-0000000000d1' },
      steps: [
        {
          name: 'refund',
          undo: false,
          attempts: 1,
          outcome: 'stuck',
          reason: 'refund_refused',
          begunAt: '2026-11-25T10:00:00.000Z',
          endedAt: '2026-11-25T10:00:01.000Z',
        },
      ],
    },
  });
export type SagaBody = z.infer<typeof sagaBody>;
