import type { INestApplicationContext } from '@nestjs/common';
import { RolesService } from '../../auth/accounts/roles.service.js';
import { EventListsService } from '../../events/event-lists.service.js';
import { EventsService } from '../../events/events.service.js';
import { FULL_UNTIL_START } from '../../events/refund-policy.schemas.js';
import { PublishingService } from '../../inventory/changes/publishing.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { PlansService } from '../../venues/plans.service.js';
import { VenuesService } from '../../venues/venues.service.js';
import { DEMO_ACCOUNTS, demoPassword } from './accounts.js';
import { DEMO_HALLS, type DemoHall } from './halls.js';

const DAY = 24 * 60 * 60 * 1000;
const LASTS = 2.5 * 60 * 60 * 1000;

/**
 * Accounts, two halls, and in each an event on sale. Makes what is missing and leaves alone what is there, so that a
 * start that was interrupted is completed by the next, and an event that is over gets a successor.
 * @param report one line before each slow step
 * @throws Error in production, where accounts that anybody can guess the names of have no place
 */
export async function loadDemo(app: INestApplicationContext, report: (line: string) => void): Promise<void> {
  const config = app.get<Config>(CONFIG);
  if (config.env === 'production') throw new Error('The demo is not for production.');
  const ids = await makeAccounts(app, demoPassword(config.auth.jwtSecret));
  const organizer: Principal = { id: ids.organizer!, role: 'organizer', sessionId: '', locale: 'en' };
  for (const hall of DEMO_HALLS) await openHall(app, organizer, hall, report);
}

async function makeAccounts(
  app: INestApplicationContext,
  password: string,
): Promise<Partial<Record<Principal['role'], string>>> {
  const roles = app.get(RolesService);
  const ids: Partial<Record<Principal['role'], string>> = {};
  for (const { email, name, role } of DEMO_ACCOUNTS) {
    const { data } = await roles.list({ q: email, limit: 1 });
    ids[role] = data[0]?.id ?? (await roles.create({ email, password, name }, role));
  }
  return ids;
}

async function openHall(
  app: INestApplicationContext,
  organizer: Principal,
  hall: DemoHall,
  report: (line: string) => void,
): Promise<void> {
  const venueId = await venueOf(app.get(VenuesService), organizer, hall);
  const planned = await app
    .get(EventListsService)
    .list({ mine: true, venue: venueId, from: new Date(), limit: 1 }, organizer);
  const event = planned.data[0];
  if (event && event.status !== 'draft') return;
  report(`Loading the demo: ${hall.venue.name}, ${hall.event.title} ...`);
  const draft =
    event ??
    (await app.get(EventsService).create(organizer, await eventOf(app, organizer, venueId, hall))).body;
  await app.get(PublishingService).publish(organizer, draft.id);
}

async function venueOf(venues: VenuesService, organizer: Principal, { venue }: DemoHall): Promise<string> {
  const { data } = await venues.list({ q: venue.name, limit: 100 });
  const mine = data.find(({ name, organizerId }) => name === venue.name && organizerId === organizer.id);
  return mine?.id ?? (await venues.create(organizer, venue)).body.id;
}

async function eventOf(
  app: INestApplicationContext,
  organizer: Principal,
  venueId: string,
  { plan, event: { daysAhead, ...event }, prices }: DemoHall,
): Promise<Parameters<EventsService['create']>[1]> {
  const plans = app.get(PlansService);
  const { data } = await plans.list(venueId);
  const planId = data[0]?.id ?? (await plans.import(organizer, venueId, plan())).body.id;
  const { areas } = await plans.layout(planId);
  const isArea = new Set(areas.map(({ name }) => name));
  const startsAt = new Date(Date.now() + daysAhead * DAY);
  startsAt.setUTCHours(17, 30, 0, 0);
  return {
    ...event,
    venueId,
    planId,
    startsAt,
    endsAt: new Date(startsAt.getTime() + LASTS),
    currency: 'EUR',
    saleStartsAt: null,
    saleEndsAt: null,
    maxSeatsPerBooking: 10,
    maxSeatsPerBuyer: null,
    holdSeconds: 600,
    refundPolicy: FULL_UNTIL_START,
    imageUrl: null,
    priceTiers: Object.entries(prices).map(([name, price]) => ({
      name,
      price,
      ...(isArea.has(name) ? { area: name } : { category: name }),
    })),
  };
}
