import type pg from 'pg';
import type { RevocationsService } from '../src/auth/tokens/revocations.service.js';
import { TokenService } from '../src/auth/tokens/token.service.js';
import type { Role } from '../src/platform/access/principal.js';
import { loadConfig } from '../src/platform/config/config.js';
import { Client, createAgent, type Json } from '../test/support/client.js';
import { plainHall } from '../test/support/halls.js';
import { makePeople, type Person } from '../test/support/people.js';

/** Signs as the application does: they share the secret of the environment. */
const NO_KEYS = {
  isGood: () => false,
  authenticate: () => {
    throw new Error('People have tokens');
  },
};
const tokens = new TokenService(
  loadConfig(process.env),
  { has: () => false } as unknown as RevocationsService,
  NO_KEYS,
);
const agent = createAgent();

/** People with accounts and sessions, as clients of the application at `url`. */
export const people = (url: string, db: pg.Pool, count: number, role: Role = 'user') =>
  makePeople(count, role, db, tokens, (token) => new Client(url, agent, token));

/** A hall on an application under measurement; every round gets a fresh event in it. */
export class Hall {
  private constructor(
    private readonly client: Client,
    private readonly venueId: string,
    private readonly planId: string,
    private readonly categories: string[],
  ) {}

  static build(url: string, db: pg.Pool, rows: number, width: number): Promise<Hall> {
    return Hall.of(url, db, plainHall(rows, width), rows * width);
  }

  /** With a plan of one's own. */
  static async of(url: string, db: pg.Pool, hall: Json, capacity: number): Promise<Hall> {
    const [organizer] = (await people(url, db, 1, 'organizer')) as [Person];
    const { client } = organizer;
    const venue = await done(
      client.post('/venues', {
        name: 'Bench hall',
        city: 'Erfurt',
        country: 'DE',
        address: 'Street 1',
        timezone: 'Europe/Berlin',
        capacity,
      }),
    );
    const plan = await done(client.post(`/venues/${venue.id}/seating-plans`, hall));
    return new Hall(
      client,
      venue.id,
      plan.id,
      hall.plan.categories.map(({ name }: Json) => name),
    );
  }

  /** An event on sale with all seats free. */
  async sell(): Promise<string> {
    const starts = Date.now() + 30 * 86_400_000;
    const draft = await done(
      this.client.post('/events', {
        venueId: this.venueId,
        planId: this.planId,
        title: 'Bench',
        category: 'sport',
        startsAt: new Date(starts).toISOString(),
        endsAt: new Date(starts + 7_200_000).toISOString(),
        currency: 'EUR',
        holdSeconds: 7_200,
        priceTiers: this.categories.map((name) => ({ name, price: 2_000, category: name })),
      }),
    );
    await done(this.client.post(`/events/${draft.id}/publish`));
    return draft.id;
  }
}

async function done(answer: Promise<{ status: number; body: Json }>): Promise<Json> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`Set-up failed with ${status}: ${JSON.stringify(body).slice(0, 500)}`);
  return body;
}
