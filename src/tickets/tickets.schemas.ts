import { z } from 'zod';
import {
  currencyCode,
  instant,
  line,
  PLACE_EXAMPLE,
  page,
  pageOf,
  place,
  uuid,
} from '../platform/common/schemas.js';
import { TICKET_STATUSES } from './ticket.rules.js';

export const TOKEN_EXAMPLE =
  'AQABAgMBmrDAAABwAIAAAAAAAAAA4QGasMAAAHAAgAAAAAAAANEAAb8mFYNg6Dq3v0nS2yJ7c8m1T4pXwQfLrKZ5aVhUeOtGsRkBjYdNqHoWz6xMvPyIuEl9gC0aFbX3iJwT2Q';

const TICKET = {
  id: '019ab0c0-0000-7000-8000-0000000000d1',
  code: 'K7RM-2XQF',
  status: 'valid' as const,
  eventId: '019ab0c0-0000-7000-8000-0000000000e1',
  bookingId: '019ab0c0-0000-7000-8000-0000000000b1',
  bookingCode: 'TZ4W-9HBN',
  itemId: '019ab0c0-0000-7000-8000-0000000000c1',
  seat: { n: 17, label: 'Block A-3-12' },
  area: null,
  place: PLACE_EXAMPLE,
  price: 2000,
  currency: 'EUR',
  token: TOKEN_EXAMPLE,
  checkedInAt: null,
  issuedAt: '2026-11-25T10:00:00.000Z',
};

export const ticket = z
  .strictObject({
    id: uuid,
    code: z
      .string()
      .nullable()
      .describe('For people, where a QR code cannot be read; null when somebody else holds the ticket'),
    status: z
      .enum(TICKET_STATUSES)
      .describe('`used`: checked in; `transferred`: you bought it, somebody else holds it'),
    eventId: uuid,
    bookingId: uuid,
    bookingCode: z.string(),
    itemId: uuid,
    seat: z.strictObject({ n: z.int(), label: z.string() }).nullable(),
    area: z.string().nullable(),
    place,
    price: z.int().describe('Minor units'),
    currency: currencyCode,
    token: z
      .string()
      .nullable()
      .describe('Contents of the QR code; only for the holder of a ticket that is valid or used'),
    checkedInAt: instant.nullable(),
    issuedAt: instant,
  })
  .meta({ id: 'Ticket', example: TICKET });
export type Ticket = z.infer<typeof ticket>;

export const ticketList = z
  .strictObject({ data: z.array(ticket) })
  .meta({ id: 'TicketList', example: { data: [TICKET] } });

export const ticketPage = pageOf(ticket).meta({ id: 'TicketPage', example: { data: [TICKET], next: null } });
export type TicketPage = z.infer<typeof ticketPage>;

export const ticketQuery = page;
export type TicketQuery = z.infer<typeof ticketQuery>;

export const keySet = z
  .strictObject({
    keys: z.array(
      z.strictObject({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        use: z.literal('sig'),
        kid: z.string().describe('Key id of the tokens, hex'),
        x: z.string().describe('Public key, base64url'),
      }),
    ),
  })
  .meta({
    id: 'TicketKeys',
    example: {
      keys: [
        {
          kty: 'OKP',
          crv: 'Ed25519',
          use: 'sig',
          kid: '00010203',
          x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
        },
      ],
    },
  });

const gate = line(60).describe('Where it was scanned, as the gates are counted');
export const scan = z
  .strictObject({
    token: z.string().max(500).optional().describe('Contents of the QR code'),
    code: z
      .string()
      .max(60)
      .optional()
      .describe('The code for people, as it is typed: case, spaces and dashes do not matter'),
    gate,
  })
  .refine(({ token, code }) => (token === undefined) !== (code === undefined), 'needs a token or a code')
  .meta({ id: 'Scan', example: { token: TOKEN_EXAMPLE, gate: 'North' } });
export type Scan = z.infer<typeof scan>;

const SCANNED = {
  ticketId: TICKET.id,
  code: TICKET.code,
  bookingCode: TICKET.bookingCode,
  holder: 'Ada Byron',
  seat: TICKET.seat,
  area: null,
  place: TICKET.place,
  checkedInAt: '2026-11-25T18:30:00.000Z' as string | null,
  gate: 'North' as string | null,
  sandbox: false,
};

export const scanned = z
  .strictObject({
    ticketId: uuid,
    code: z.string(),
    bookingCode: z.string(),
    holder: z
      .string()
      .nullable()
      .describe('Name of the person who holds the ticket; null when the account is deleted'),
    seat: z.strictObject({ n: z.int(), label: z.string() }).nullable(),
    area: z.string().nullable(),
    place,
    checkedInAt: instant.nullable(),
    gate: z.string().nullable(),
    sandbox: z.boolean().describe('The ticket is of a sandbox event: a test that lets nobody in'),
  })
  .meta({ id: 'Scanned', example: SCANNED });
export type Scanned = z.infer<typeof scanned>;

export const attendance = z
  .strictObject({
    expected: z.int().describe('Tickets that are good'),
    checkedIn: z.int(),
    gates: z.array(z.strictObject({ gate: z.string(), checkedIn: z.int() })),
  })
  .meta({
    id: 'Attendance',
    example: { expected: 1250, checkedIn: 1100, gates: [{ gate: 'North', checkedIn: 1100 }] },
  });
export type Attendance = z.infer<typeof attendance>;
