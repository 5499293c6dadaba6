import { z } from 'zod';
import { currencyCode, instant, page, pageOf, uuid } from '../../platform/common/schemas.js';

export const ABOUT = ['event', 'venue', 'account', 'key'] as const;

const ACT = {
  id: '019ab0c0-0000-7000-8000-0000000000d1',
  at: '2026-11-25T10:00:00.000Z',
  actor: '019ab0c0-0000-7000-8000-0000000000a1',
  actorName: 'Ada Byron',
  role: 'admin',
  action: 'PATCH /admin/users/{id}',
  target: '019ab0c0-0000-7000-8000-0000000000a2',
  about: { kind: 'account' as const, id: '019ab0c0-0000-7000-8000-0000000000a2', name: 'Bea Lovelace' },
  said: { role: 'organizer' },
  currency: null,
  correlationId: 'd1b0c7a2-0f0e-4a53-9a3c-7a1b2c3d4e5f',
  status: 200,
};

export const actBody = z
  .strictObject({
    id: uuid,
    at: z.iso.datetime(),
    actor: uuid.nullable().describe('Owner of the access token; null at the command line'),
    actorName: z
      .string()
      .nullable()
      .describe('Name of that person now; null at the command line and once the person was erased'),
    role: z.string(),
    action: z.string().describe('Method and route'),
    target: uuid.nullable().describe('The id in the path'),
    about: z
      .strictObject({
        kind: z.enum(ABOUT),
        id: uuid,
        name: z.string().nullable().describe('Title or name; null once the person was erased'),
      })
      .nullable()
      .describe('Object of the act, as far as it is still there; for a payment or booking its event'),
    said: z.record(z.string(), z.unknown()).describe('Decision: roles, amounts, ids; no free text'),
    currency: currencyCode.nullable().describe('Currency of `said.amount`'),
    correlationId: z.string().nullable(),
    status: z
      .int()
      .nullable()
      .describe(
        'Status of the answer; null while the call is under way, and for good if the process or the client was gone before',
      ),
  })
  .meta({ id: 'Act', example: ACT });
export type ActBody = z.infer<typeof actBody>;

export const actPage = pageOf(actBody).meta({ id: 'ActPage', example: { data: [ACT], next: null } });
export type ActPage = z.infer<typeof actPage>;

export const actQuery = z.strictObject({
  ...page.shape,
  actor: uuid.optional(),
  target: uuid.optional(),
  eventId: uuid.optional().describe('The event itself, or a booking, payment, refund or job of it'),
  action: z.string().max(100).optional().describe('How the action begins, such as `POST /admin/refunds`'),
  from: instant.optional(),
  to: instant.optional().describe('Before this'),
});
export type ActQuery = z.infer<typeof actQuery>;

export const organisationActQuery = z.strictObject({
  ...page.shape,
  actor: uuid.optional().describe('A member, or a key'),
  eventId: uuid.optional().describe('The event itself, or a booking, payment or refund of it'),
  subject: uuid.optional().describe('The member or key that was changed'),
  from: instant.optional(),
  to: instant.optional().describe('Before this'),
});
export type OrganisationActQuery = z.infer<typeof organisationActQuery>;
