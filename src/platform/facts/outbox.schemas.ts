import { z } from 'zod';
import { uuid } from '../common/schemas.js';

const reader = z.strictObject({
  name: z.string().describe('A handler of this release; `rabbitmq` is the broker'),
  waiting: z.int().describe('Facts it has not had yet; counted up to 10,000'),
  waitingSeconds: z.number().describe('Age of the oldest of them, 0 when none waits'),
});

const parked = z.strictObject({
  handler: z.string(),
  stream: z.string(),
  streamId: uuid,
  version: z
    .int()
    .describe('Version of the fact that failed; this fact and the later ones of its stream wait'),
  attempts: z.int(),
  error: z.string(),
  parkedAt: z.iso.datetime(),
  retryAt: z.iso
    .datetime()
    .nullable()
    .describe('Tried again by itself then; null: failed ten times, waits for an operator'),
});

export const BROKER_STATES = ['off', 'connected', 'standby'] as const;

export const outboxBody = z
  .strictObject({
    broker: z.enum(BROKER_STATES),
    readers: z.array(reader),
    parked: z.array(parked).describe('Oldest first, 1,000 at most'),
  })
  .meta({
    id: 'Outbox',
    example: {
      broker: 'connected',
      readers: [
        { name: 'webhooks', waiting: 2, waitingSeconds: 0.2 },
        { name: 'rabbitmq', waiting: 0, waitingSeconds: 0 },
      ],
      parked: [
        {
          handler: 'webhooks',
          stream: 'booking',
          streamId: '019ab0c0-0000-7000-8000-0000000000b1',
          version: 3,
          attempts: 10,
          error: 'Error: value too long',
          parkedAt: '2026-11-25T10:00:00.000Z',
          retryAt: null,
        },
      ],
    },
  });
export type OutboxBody = z.infer<typeof outboxBody>;

export const parkedStream = z
  .strictObject({ handler: z.string().min(1).max(64), stream: z.string().min(1).max(64), streamId: uuid })
  .meta({
    id: 'ParkedStream',
    example: { handler: 'webhooks', stream: 'booking', streamId: '019ab0c0-0000-7000-8000-0000000000b1' },
  });
export type ParkedStreamName = z.infer<typeof parkedStream>;
