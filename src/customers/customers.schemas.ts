import { z } from 'zod';
import { BUYER_MINUTES, isOrigin } from '../auth/tokens/bound-sale.schemas.js';
import { LOCALES } from '../platform/common/locale.js';
import { email, instant, line, page, pageOf, uuid } from '../platform/common/schemas.js';

const ID = '019ab0c0-0000-7000-8000-0000000000d1';
const CUSTOMER_ID = '019ab0c0-0000-7000-8000-0000000000d2';
const EVENT_ID = '019ab0c0-0000-7000-8000-000000000003';
const ORIGIN = 'https://shop.example.org';

const reference = line(200).describe(
  'By what the shop knows its customer, such as a number: the same reference is the same buyer. No address or name, since it is no secret of the customer',
);
const customer = z.strictObject({
  reference,
  name: line(100)
    .optional()
    .describe('As it should appear on tickets; absent: as it was, if it was given before'),
  email: email.optional().describe('Where tickets, and changes of them, are sent; absent: as it was'),
  locale: z.enum(LOCALES).optional().describe('Language of names of places, tickets and mails'),
});

export const newBuyerSession = z
  .strictObject({
    origin: z
      .string()
      .max(300)
      .refine(isOrigin, 'must be an origin as browsers write it, such as https://shop.example.org')
      .describe('Origin of the pages that may use the session'),
    customer,
    minutes: z
      .int()
      .min(BUYER_MINUTES.least)
      .max(BUYER_MINUTES.most)
      .default(30)
      .describe('How long the session lasts; it is not renewed, and holds outlive it'),
  })
  .meta({
    id: 'NewBuyerSession',
    example: {
      origin: ORIGIN,
      customer: { reference: 'C-1042', name: 'Ada Byron', email: 'ada@example.org', locale: 'en' },
      minutes: 30,
    },
  });
export type NewBuyerSession = z.infer<typeof newBuyerSession>;

export const buyerSession = z
  .strictObject({
    id: uuid,
    token: z.string().describe('For the browser, as `Authorization: Bearer …`; in this answer only'),
    expiresAt: instant,
    eventId: uuid,
    origin: z.string(),
    customerId: uuid,
  })
  .meta({
    id: 'BuyerSession',
    example: {
      id: ID,
      token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6ImJ1eWVyK2p3dCJ9.eyJzdWIiOiIwMTk4In0.c2lnbmF0dXJl',
      expiresAt: '2027-08-01T10:30:00.000Z',
      eventId: EVENT_ID,
      origin: ORIGIN,
      customerId: CUSTOMER_ID,
    },
  });
export type BuyerSession = z.infer<typeof buyerSession>;

const CUSTOMER = {
  id: CUSTOMER_ID,
  organisationId: '019ab0c0-0000-7000-8000-000000000004',
  reference: 'C-1042',
  name: 'Ada Byron',
  email: 'ada@example.org',
  locale: 'en' as const,
  createdAt: '2027-07-01T09:00:00.000Z',
};

export const customerBody = z
  .strictObject({
    id: uuid,
    organisationId: uuid,
    reference: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    locale: z.enum(LOCALES),
    createdAt: instant,
  })
  .meta({ id: 'Customer', example: CUSTOMER });
export type CustomerBody = z.infer<typeof customerBody>;

export const customerQuery = page.extend({
  reference: z.string().max(200).optional().describe('Exactly this customer'),
});
export type CustomerQuery = z.infer<typeof customerQuery>;

export const customerPage = pageOf(customerBody).meta({
  id: 'CustomerPage',
  example: { data: [CUSTOMER], next: null },
});
export type CustomerPage = z.infer<typeof customerPage>;

export const customerExport = z
  .strictObject({
    customer: customerBody,
    records: z
      .record(z.string(), z.array(z.record(z.string(), z.unknown())))
      .describe('Everything else, as it is stored: rows by table (bookings, payments, tickets, ...)'),
  })
  .meta({
    id: 'CustomerExport',
    example: { customer: CUSTOMER, records: { ticket: [{ id: '019ab0c0-0000-7000-8000-0000000000e1' }] } },
  });
export type CustomerExport = z.infer<typeof customerExport>;
