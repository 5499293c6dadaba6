import { z } from 'zod';
import { PERMISSIONS } from '../platform/access/permissions.js';
import { instant, line, uuid } from '../platform/common/schemas.js';
import { rightsInput } from './organisations.schemas.js';

/** Keys let nobody in: members are the business of people. */
const KEY_PERMISSIONS = PERMISSIONS.filter((one) => one !== 'members');

const EXAMPLE = {
  name: 'Shop of our site',
  permissions: ['people' as const, 'money' as const],
  events: null,
  expiresAt: '2028-06-01T00:00:00.000Z',
  test: false,
};

export const newKeyInput = z
  .strictObject({
    name: line(100),
    permissions: z
      .array(z.enum(KEY_PERMISSIONS as [(typeof KEY_PERMISSIONS)[number]]))
      .min(1)
      .max(KEY_PERMISSIONS.length)
      .refine((values) => new Set(values).size === values.length, 'names a permission twice')
      .describe('What the key may do'),
    events: rightsInput.shape.events,
    expiresAt: instant
      .transform((value) => new Date(value))
      .nullable()
      .default(null)
      .describe('Null: until it is ended'),
    test: z
      .boolean()
      .default(false)
      .describe('A test key opens sandbox events, and them alone; another key opens all but them'),
  })
  .meta({ id: 'NewApiKey', example: EXAMPLE });
export type NewKeyInput = z.infer<typeof newKeyInput>;

const KEY = {
  id: '019ab0c0-0000-7000-8000-0000000000c1',
  ...EXAMPLE,
  ending: 'xRvE',
  createdBy: '019ab0c0-0000-7000-8000-0000000000a2',
  createdByName: 'Ada Byron' as string | null,
  createdByMember: true,
  createdAt: '2027-06-01T09:00:00.000Z',
  lastUsedAt: null,
  requests: 0,
  endedAt: null,
};
const fields = {
  id: uuid,
  name: z.string(),
  test: z.boolean().describe('For sandbox events only; the key begins with evk_test_'),
  ending: z.string().describe('Last four characters of the key'),
  permissions: z.array(z.enum(PERMISSIONS)),
  events: z.array(uuid).nullable().describe('null: all events of the organisation'),
  createdBy: uuid.describe('Account of the person who made it'),
  createdByName: z.string().nullable().describe('null: the account is deleted'),
  createdByMember: z
    .boolean()
    .describe('That person still belongs to the organisation; a key goes on without'),
  createdAt: instant,
  expiresAt: instant.nullable(),
  lastUsedAt: instant.nullable().describe('To the minute'),
  requests: z.int().describe('Requests made with it so far, as of a minute ago'),
  endedAt: instant.nullable().describe('When somebody ended it, a month ago at most'),
};
export const apiKey = z.strictObject(fields).meta({ id: 'ApiKey', example: KEY });
export type ApiKeyBody = z.infer<typeof apiKey>;

export const apiKeyList = z
  .strictObject({ data: z.array(apiKey) })
  .meta({ id: 'ApiKeyList', example: { data: [KEY] } });

export const madeKey = z
  .strictObject({ ...fields, key: z.string().describe('Shown in this answer only') })
  .meta({
    id: 'MadeApiKey',
    example: { ...KEY, key: 'evk_live_3fJ0b5kZ8mYw1r6hXc2VqS7tLp4nGdUeAiOyKzBxRvE' },
  });
export type MadeKey = z.infer<typeof madeKey>;

export const rotation = z
  .strictObject({
    overlapHours: z.int().min(0).max(720).default(24).describe('How long the old key still works'),
  })
  .default({ overlapHours: 24 })
  .meta({ id: 'KeyRotation', example: { overlapHours: 24 } });
export type Rotation = z.infer<typeof rotation>;
