import { z } from 'zod';
import { page, pageOf, text, uuid } from '../../platform/common/schemas.js';
import { MAIL_STATES } from '../../platform/mail/mail-operations.service.js';

const time = z.iso.datetime();

const MAIL = {
  id: '019ab0c0-0000-7000-8000-0000000000d7',
  kind: 'notification',
  userId: '01981f6e-3c00-7000-8000-5f2b6c1d9e42',
  to: 'ada@example.org',
  subject: 'Your booking for Low Tide',
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
    userId: uuid.describe('Its person; of a mail to a stranger, who had it sent'),
    to: z
      .string()
      .nullable()
      .describe('Recipient; null when the person was erased, or what the mail was made from is gone'),
    subject: z.string().nullable(),
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

export const mailPreview = z
  .strictObject({
    to: z.string(),
    subject: z.string(),
    text: z.string(),
    html: z.string().describe('A page of its own, for a sandboxed frame'),
    attachments: z.array(z.strictObject({ filename: z.string(), contentType: z.string() })),
  })
  .meta({
    id: 'MailPreview',
    example: {
      to: MAIL.to,
      subject: MAIL.subject,
      text: 'Hello Ada Byron, …',
      html: '<!doctype html>…',
      attachments: [{ filename: 'tickets.pdf', contentType: 'application/pdf' }],
    },
  });
export type MailPreview = z.infer<typeof mailPreview>;

export const mailQuery = z.strictObject({
  ...page.shape,
  state: z.enum(MAIL_STATES).optional(),
  kind: z.string().max(64).optional(),
  userId: uuid.optional(),
  to: text(254).optional().describe('Part of the address of its person'),
});
export type MailQuery = z.infer<typeof mailQuery>;
