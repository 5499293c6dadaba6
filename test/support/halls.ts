import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestApp } from './app.js';
import type { Json } from './client.js';
import type { Person } from './people.js';

const read = (name: string): Json => JSON.parse(readFileSync(join('data', 'venues', name), 'utf8'));

/** The real hall: 1,252 seats, 21 of them accessible, and 248 standing places. */
export const realHall = () => {
  const meta = read('riethsporthalle-erfurt.meta.json');
  return {
    plan: read('riethsporthalle-erfurt.seating-plan.json'),
    accessible: meta.accessible_seat_guids as string[],
    areas: meta.general_admission as { name: string; capacity: number }[],
  };
};

/** A hall of `rows` × `width` seats in blocks of 20 rows, one category each block, and optionally an area. */
export const plainHall = (rows: number, width: number, areas: { name: string; capacity: number }[] = []) => {
  const blocks = Array.from({ length: Math.ceil(rows / 20) }, (_, b) => b);
  return {
    plan: {
      name: 'Plain hall',
      categories: blocks.map((b) => ({ name: `C${b}`, color: '#1d3557' })),
      zones: blocks.map((b) => ({
        name: `B${b}`,
        position: { x: 0, y: b * 1000 },
        rows: Array.from({ length: Math.min(20, rows - b * 20) }, (_, r) => ({
          row_number: `${r + 1}`,
          position: { x: 0, y: r * 30 },
          seats: Array.from({ length: width }, (_, s) => ({
            seat_number: `${s + 1}`,
            seat_guid: `${b}-${r + 1}-${s + 1}`,
            position: { x: s * 24, y: 0 },
            category: `C${b}`,
          })),
        })),
      })),
      size: { width: width * 24, height: blocks.length * 1000 },
    },
    areas,
  };
};

export interface Sale {
  readonly eventId: string;
  readonly venueId: string;
  readonly organizer: Person;
  readonly event: Json;
}

/** Takes a hall through the API until its event is on sale: every category at 20.00, areas at 10.00. */
export async function openSale(app: TestApp, hall: Json = realHall(), event: Json = {}): Promise<Sale> {
  const [organizer] = await app.people(1, 'organizer');
  const { client } = organizer;
  const venue = await ok(
    client.post('/venues', {
      name: 'Hall',
      city: 'Erfurt',
      country: 'DE',
      address: 'Street 1',
      timezone: 'Europe/Berlin',
      capacity: 200_000,
    }),
  );
  const plan = await ok(client.post(`/venues/${venue.id}/seating-plans`, hall));
  const draft = await ok(
    client.post('/events', {
      venueId: venue.id,
      planId: plan.id,
      title: 'Final',
      category: 'sport',
      startsAt: new Date(Date.now() + 30 * 86_400_000).toISOString(),
      endsAt: new Date(Date.now() + 30 * 86_400_000 + 7_200_000).toISOString(),
      currency: 'EUR',
      priceTiers: [
        ...hall.plan.categories.map(({ name }: Json) => ({ name, price: 2000, category: name })),
        ...(hall.areas ?? []).map(({ name }: Json) => ({ name, price: 1000, area: name })),
      ],
      ...event,
    }),
  );
  const published = await ok(client.post(`/events/${draft.id}/publish`));
  return { eventId: draft.id, venueId: venue.id, organizer, event: published };
}

async function ok(answer: Promise<{ status: number; body: Json }>): Promise<Json> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`Set-up failed with ${status}: ${JSON.stringify(body).slice(0, 500)}`);
  return body;
}
