import { z } from 'zod';
import { page, pageOf, uuid } from '../common/schemas.js';
import { MAIL_STATES } from './mails.repository.js';

const time = z.iso.datetime();

const MAIL = {
  id: '019ab0c0-0000-7000-8000-0000000000d7',
  kind: 'notification',
  userId: '01981f6e-3c00-7000-8000-5f2b6c1d9e42',
  state: 'failed' as const,
  attempts: 1,
  dueAt: null,
  lastError: 'Message failed: 550 5.7.1 Refused',
  createdAt: '2026-11-25T10:00:00.000Z',
  settledAt: '2026-11-25T10:00:01.000Z',
};

export const mailBody = z
  .strictObject({
    id: uuid.describe('The part of `Message-ID` before the @'),
    kind: z.string(),
    userId: uuid,
    state: z
      .enum(MAIL_STATES)
      .describe('`dropped`: when it was to be sent there was nothing to say any more; `failed`: given up'),
    attempts: z.int(),
    dueAt: time.nullable().describe('Time of the next attempt'),
    lastError: z.string().nullable(),
    createdAt: time,
    settledAt: time.nullable(),
  })
  .meta({ id: 'Mail', example: MAIL });
export type MailBody = z.infer<typeof mailBody>;

export const mailPage = pageOf(mailBody).meta({ id: 'MailPage', example: { data: [MAIL], next: null } });
export type MailPage = z.infer<typeof mailPage>;

export const mailQuery = z.strictObject({
  ...page.shape,
  state: z.enum(MAIL_STATES).optional(),
  userId: uuid.optional(),
});
export type MailQuery = z.infer<typeof mailQuery>;
