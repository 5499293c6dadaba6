import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { RolesService } from '../../auth/accounts/roles.service.js';
import { GrantsService } from '../../auth/grants/grants.service.js';
import { EventImagesService } from '../../events/event-images.service.js';
import { EventListsService } from '../../events/event-lists.service.js';
import { type EventRecord, EventsService } from '../../events/events.service.js';
import { FULL_UNTIL_START } from '../../events/refund-policy.schemas.js';
import { PublishingService } from '../../inventory/changes/publishing.service.js';
import { PreferencesService } from '../../notifications/notifications/preferences.service.js';
import { PaymentsService } from '../../payments/payments/payments.service.js';
import { PERMISSION_TEMPLATES } from '../../platform/access/permissions.js';
import type { Principal } from '../../platform/access/principal.js';
import { ROOT } from '../../platform/common/paths.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { PlansService } from '../../venues/plans.service.js';
import { VenuesService } from '../../venues/venues.service.js';
import { DEMO_ACCOUNTS, demoPassword } from './accounts.js';
import { asUser, guestsOf, makeGuests } from './guests.js';
import { DEMO_HALLS, type DemoEvent, type DemoHall } from './halls.js';
import type { Sale } from './sales.js';

const PICTURES = join(ROOT, 'data', 'demo');
const DAY = 24 * 60 * 60 * 1000;
const DOORS_BEFORE = 60 * 60 * 1000;
const LASTS = 2.5 * 60 * 60 * 1000;

/**
 * Accounts, four halls, and in each what is on sale. Makes what is missing and leaves alone what is there, so that a
 * start that was interrupted is completed by the next, and an event that is over gets a successor.
 * @param report one line for each event
 * @returns the sales that the events put on sale by this call are to have had
 * @throws Error in production, where accounts that anybody can guess the names of have no place
 */
export async function loadDemo(
  app: INestApplicationContext,
  report: (line: string) => void,
): Promise<Sale[]> {
  const config = app.get<Config>(CONFIG);
  if (config.env === 'production') throw new Error('The demo is not for production.');
  const ids = await makeAccounts(app, demoPassword(config.auth.jwtSecret));
  // Another replica may have made them a moment ago.
  await app.get(GrantsService).reread([...ids.values()]);
  const roles = app.get(RolesService);
  await makeGuests(roles, app.get(PreferencesService));
  const people = [asUser(ids.get('buyer@evently.test')!), ...(await guestsOf(roles))];
  // The demo moves no money but that of the sandbox.
  const sells = app.get(PaymentsService).providerName === 'sandbox';
  const sales: Sale[] = [];
  for (const hall of DEMO_HALLS) {
    const organizer: Principal = { ...asUser(ids.get(hall.organizer)!), role: 'organizer' };
    const venueId = await venueOf(app.get(VenuesService), organizer, hall);
    for (const event of hall.events) {
      const opened = await openSale(app, organizer, { ...hall, venueId, event });
      if (!opened) continue;
      report(`Loading the demo: ${hall.venue.name}, ${event.title} ...`);
      if (!sells) continue;
      const layout = await app.get(PlansService).layout(opened.planId);
      const over = event.daysAhead < 0 ? timesOf(event.daysAhead) : null;
      sales.push({ eventId: opened.id, event, organizer, layout, people, over });
    }
  }
  return sales;
}

/** @returns ids by address */
async function makeAccounts(app: INestApplicationContext, password: string): Promise<Map<string, string>> {
  const roles = app.get(RolesService);
  const ids = new Map<string, string>();
  for (const { email, name, role, template } of DEMO_ACCOUNTS) {
    const { data } = await roles.list({ q: email, limit: 1 });
    // Becoming a member makes an organizer of a user.
    ids.set(email, data[0]?.id ?? (await roles.create({ email, password, name }, template ? 'user' : role)));
  }
  const organisationId = ids.get(DEMO_HALLS[0]!.organizer)!;
  const grants = app.get(GrantsService);
  await app.get(DatabaseService).transaction(async (tx) => {
    const known = new Set((await grants.membersOf(tx, organisationId)).map(({ userId }) => userId));
    for (const { email, template } of DEMO_ACCOUNTS) {
      const userId = ids.get(email)!;
      if (!template || known.has(userId)) continue;
      const permissions = [...PERMISSION_TEMPLATES[template]];
      await grants.put(tx, { organisationId, userId, owner: false, permissions, events: null });
    }
  });
  return ids;
}

interface Show extends DemoHall {
  venueId: string;
  event: DemoEvent;
}

/** @returns the event, if this call has put it on sale */
async function openSale(
  app: INestApplicationContext,
  organizer: Principal,
  show: Show,
): Promise<EventRecord | undefined> {
  const isOver = show.event.daysAhead < 0;
  const planned = await app
    .get(EventListsService)
    .list({ mine: true, venue: show.venueId, from: isOver ? undefined : new Date(), limit: 100 }, organizer);
  const event = planned.data.find(({ title }) => title === show.event.title);
  if (event && event.status !== 'draft') return undefined;
  const draft =
    event ?? (await app.get(EventsService).create(organizer, await eventOf(app, organizer, show))).body;
  if (!draft.image) await setPicture(app, organizer, draft.id, show.event.picture);
  return (await app.get(PublishingService).publish(organizer, draft.id)).event;
}

async function setPicture(
  app: INestApplicationContext,
  organizer: Principal,
  id: string,
  name: string,
): Promise<void> {
  const { version } = await app.get(EventsService).find(id);
  const bytes = await readFile(join(PICTURES, `${name}.webp`));
  await app.get(EventImagesService).set(organizer, id, version, bytes);
}

async function venueOf(venues: VenuesService, organizer: Principal, { venue }: DemoHall): Promise<string> {
  const { data } = await venues.list({ q: venue.name, limit: 100 });
  const mine = data.find(({ name, organizerId }) => name === venue.name && organizerId === organizer.id);
  return mine?.id ?? (await venues.create(organizer, venue)).body.id;
}

async function eventOf(
  app: INestApplicationContext,
  organizer: Principal,
  {
    venueId,
    plan,
    prices,
    event: { title, description, category, daysAhead, minAge, durationMinutes },
  }: Show,
): Promise<Parameters<EventsService['create']>[1]> {
  const plans = app.get(PlansService);
  const { data } = await plans.list(venueId);
  const planId = data[0]?.id ?? (await plans.import(organizer, venueId, plan())).body.id;
  const { areas } = await plans.layout(planId);
  const isArea = new Set(areas.map(({ name }) => name));
  return {
    title,
    description,
    category,
    venueId,
    planId,
    // Nothing can be sold for an event that is over: it begins tomorrow until its sales are put into the past.
    ...timesOf(Math.max(1, daysAhead)),
    minAge: minAge ?? null,
    durationMinutes: durationMinutes ?? null,
    currency: 'EUR',
    saleStartsAt: null,
    saleEndsAt: null,
    maxSeatsPerBooking: 10,
    maxSeatsPerBuyer: null,
    holdSeconds: 600,
    sandbox: false,
    refundPolicy: FULL_UNTIL_START,
    imageUrl: null,
    imageHash: null,
    priceTiers: Object.entries(prices).map(([name, price]) => ({
      name,
      price,
      ...(isArea.has(name) ? { area: name } : { category: name }),
    })),
  };
}

function timesOf(daysAhead: number): { doorsAt: Date; startsAt: Date; endsAt: Date } {
  const startsAt = new Date(Date.now() + daysAhead * DAY);
  startsAt.setUTCHours(17, 30, 0, 0);
  const doorsAt = new Date(startsAt.getTime() - DOORS_BEFORE);
  return { doorsAt, startsAt, endsAt: new Date(startsAt.getTime() + LASTS) };
}
