import { z } from 'zod';
import { isCountry } from '../platform/common/countries.js';
import { instant, line, page, pageOf, text, timeZone, uuid } from '../platform/common/schemas.js';

const country = z
  .string()
  .regex(/^[A-Z]{2}$/, { message: 'must be an ISO 3166-1 code such as DE', abort: true })
  .refine(isCountry, 'is not an ISO 3166-1 country');

const example = {
  name: 'Riethsporthalle',
  address: 'Essener Straße 20',
  city: 'Erfurt',
  country: 'DE',
  timezone: 'Europe/Berlin',
  capacity: 1500,
  description: 'Handball and concerts in the north of the city.',
};

export const newVenue = z
  .strictObject({
    name: line(200),
    address: line(300),
    city: line(120),
    country: country.describe('ISO 3166-1 alpha-2'),
    timezone: timeZone.describe('IANA time zone'),
    capacity: z.int().min(1).max(1_000_000).describe('People the venue may hold; no plan may exceed it'),
    description: text(5_000).nullish(),
  })
  .meta({ id: 'NewVenue', example });
export type NewVenue = z.infer<typeof newVenue>;

export const venueChanges = z
  .strictObject(newVenue.partial().shape)
  .refine((changes) => Object.keys(changes).length > 0, 'must change at least one field')
  .meta({ id: 'VenueChanges', example: { capacity: 1600 } });
export type VenueChanges = z.infer<typeof venueChanges>;

export const venueQuery = page.extend({
  q: text(100).optional().describe('Words in name, city or address'),
  city: text(120).optional().describe('Exact city, in any case'),
});
export type VenueQuery = z.infer<typeof venueQuery>;

const venueExample = {
  id: '01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47',
  organizerId: '01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48',
  ...example,
  version: 1,
  createdAt: '2026-06-01T08:00:00.000Z',
  updatedAt: '2026-06-01T08:00:00.000Z',
};

export const venue = z
  .object({
    id: uuid,
    organizerId: uuid,
    name: z.string(),
    address: z.string(),
    city: z.string(),
    country: z.string(),
    timezone: z.string(),
    capacity: z.int(),
    description: z.string().nullable(),
    version: z.int(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Venue', example: venueExample });
export type Venue = z.infer<typeof venue>;

export const venuePage = pageOf(venue)
  .extend({ total: z.int() })
  .meta({ id: 'VenuePage', example: { data: [venueExample], next: null, total: 1 } });
