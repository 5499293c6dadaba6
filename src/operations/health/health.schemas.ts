import { z } from 'zod';
import { BROKER_STATES } from '../../platform/facts/outbox.schemas.js';

export const live = z
  .strictObject({ status: z.literal('ok') })
  .meta({ id: 'Live', example: { status: 'ok' } });

export const ready = z
  .strictObject({ status: z.literal('ready') })
  .meta({ id: 'Ready', example: { status: 'ready' } });

export const status = z
  .strictObject({
    status: z.enum(['ok', 'degraded']),
    role: z.enum(['all', 'api', 'worker']).describe('Role of this replica'),
    version: z.string(),
    node: z.string(),
    uptimeSeconds: z.int(),
    memoryMegabytes: z.int().describe('Resident memory of this process'),
    database: z.strictObject({
      reachable: z.boolean(),
      embedded: z.boolean().describe('Started by this process'),
      version: z.string().nullable(),
      failure: z
        .string()
        .nullable()
        .describe(
          'SQLSTATE with which it refuses changes, such as 53100 for a full disk; null when it takes them',
        ),
      latencyMs: z.number().nullable().describe('One round trip, waiting for a free connection included'),
      connections: z.strictObject({ open: z.int(), idle: z.int(), waiting: z.int() }),
      migrations: z.strictObject({
        applied: z.int().nullable(),
        pending: z.array(z.string()).nullable().describe('Names of those that this release needs'),
      }),
    }),
    redis: z
      .enum(['off', 'connected', 'unavailable'])
      .describe('`unavailable`: the database decides alone, slower'),
    sockets: z.int().nullable().describe('Open on this replica; null for a worker, which takes none'),
    facts: z.strictObject({
      broker: z
        .enum(BROKER_STATES)
        .describe('`standby`: another replica publishes facts, or the broker does not answer'),
      parked: z.int().nullable().describe('Streams that wait for an operator'),
      waitingSeconds: z.number().nullable().describe('Age of the oldest fact that some reader has not had'),
    }),
  })
  .meta({
    id: 'Status',
    example: {
      status: 'ok',
      role: 'all',
      version: '0.1.0',
      node: '24.21.0',
      uptimeSeconds: 3600,
      memoryMegabytes: 180,
      database: {
        reachable: true,
        embedded: true,
        version: '18.4',
        failure: null,
        latencyMs: 0.6,
        connections: { open: 10, idle: 9, waiting: 0 },
        migrations: { applied: 5, pending: [] },
      },
      redis: 'off',
      sockets: 250,
      facts: { broker: 'off', parked: 0, waitingSeconds: 0 },
    },
  });
export type Status = z.infer<typeof status>;
