import { z } from 'zod';
import { instant, page, pageOf, text, uuid } from '../../platform/common/schemas.js';
import { isToldFact, TOLD_FAMILIES } from './webhook.rules.js';

const families = TOLD_FAMILIES.map((family) => `\`${family}.*\``).join(', ');

const EXAMPLE = {
  url: 'https://shop.example.org/evently',
  facts: ['booking.*', 'refund.succeeded'],
  description: 'The box office',
};

const fields = {
  url: z.string().max(2_000).describe('Gets a POST for each fact. HTTPS, not a private address'),
  facts: z
    .array(z.string().refine(isToldFact, `must be a kind of fact or a family: ${families}`))
    .min(1)
    .max(50)
    .describe(
      `Kinds of facts (\`booking.confirmed\`) or families: ${families}. Holds are not told: the seat feed has them`,
    ),
  description: text(200).nullish(),
};

export const newWebhook = z.strictObject(fields).meta({ id: 'NewWebhook', example: EXAMPLE });
export type NewWebhook = z.infer<typeof newWebhook>;

export const webhookChanges = z
  .strictObject({ ...z.strictObject(fields).partial().shape, active: z.boolean().optional() })
  .refine((changes) => Object.keys(changes).length > 0, 'must change at least one field')
  .meta({ id: 'WebhookChanges', example: { active: true } });
export type WebhookChanges = z.infer<typeof webhookChanges>;

const WEBHOOK = {
  id: '019ab0c0-0000-7000-8000-0000000000a1',
  ...EXAMPLE,
  active: true,
  disabledReason: null,
  version: 1,
  createdAt: '2026-11-25T10:00:00.000Z',
  updatedAt: '2026-11-25T10:00:00.000Z',
};

const shape = {
  id: uuid,
  url: z.string(),
  facts: z.array(z.string()),
  description: z.string().nullable(),
  active: z.boolean(),
  disabledReason: z.string().nullable().describe('Why it was switched off, when that was not you'),
  version: z.int().describe('Also the ETag, for If-Match'),
  createdAt: instant,
  updatedAt: instant,
};

export const webhook = z.strictObject(shape).meta({ id: 'Webhook', example: WEBHOOK });
export type Webhook = z.infer<typeof webhook>;

export const webhookSecret = z
  .strictObject({ ...shape, secret: z.string().describe('Signs the messages; shown only here') })
  .meta({
    id: 'WebhookWithSecret',
    example: { ...WEBHOOK, secret: 'whsec_VGhpcyBpcyBhbiBleGFtcGxlIG9mIGEgc2VjcmV0IQ==' },
  });
export type WebhookWithSecret = z.infer<typeof webhookSecret>;

export const webhookList = z
  .strictObject({ data: z.array(webhook) })
  .meta({ id: 'WebhookList', example: { data: [WEBHOOK] } });

export const DELIVERY_STATES = ['pending', 'delivered', 'failed'] as const;

const DELIVERY = {
  id: '019ab0c0-0000-7000-8000-0000000000a2',
  type: 'booking.confirmed',
  state: 'pending' as const,
  attempts: 1,
  dueAt: '2026-11-25T10:00:05.000Z',
  lastStatus: 502,
  lastError: null,
  createdAt: '2026-11-25T10:00:00.000Z',
  deliveredAt: null,
};

const deliveryShape = {
  id: uuid.describe('Sent as `webhook-id`; the same in every attempt'),
  type: z.string(),
  state: z.enum(DELIVERY_STATES),
  attempts: z.int(),
  dueAt: instant.nullable().describe('Time of the next attempt'),
  lastStatus: z.int().nullable().describe('HTTP status of the last answer'),
  lastError: z.string().nullable(),
  createdAt: instant,
  deliveredAt: instant.nullable(),
};

export const deliveryPage = pageOf(z.strictObject(deliveryShape)).meta({
  id: 'WebhookDeliveryPage',
  example: { data: [DELIVERY], next: null },
});
export type DeliveryPage = z.infer<typeof deliveryPage>;

export const deliveryBody = z
  .strictObject({
    ...deliveryShape,
    body: z.string().describe('Body of the message, to the byte'),
    tries: z.array(
      z.strictObject({
        at: instant,
        status: z.int().nullable(),
        error: z.string().nullable(),
        milliseconds: z.int(),
      }),
    ),
  })
  .meta({
    id: 'WebhookDelivery',
    example: {
      ...DELIVERY,
      body: '{"id":"booking:019ab0c0-0000-7000-8000-0000000000b1:3","type":"booking.confirmed"}',
      tries: [{ at: '2026-11-25T10:00:00.100Z', status: 502, error: null, milliseconds: 85 }],
    },
  });
export type DeliveryBody = z.infer<typeof deliveryBody>;

export const deliveryQuery = z.strictObject({ ...page.shape, state: z.enum(DELIVERY_STATES).optional() });
export type DeliveryQuery = z.infer<typeof deliveryQuery>;

export const replayInput = z
  .strictObject({ since: instant })
  .meta({ id: 'WebhookReplay', example: { since: '2026-11-25T00:00:00Z' } });
export type ReplayInput = z.infer<typeof replayInput>;

export const replayBody = z
  .strictObject({ count: z.int().describe('Deliveries that are sent again') })
  .meta({ id: 'WebhookReplayed', example: { count: 12 } });
