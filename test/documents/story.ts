import { setTimeout as sleep } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';
import { type Call, DOT } from '../support/access-table.js';
import { type AccessWorld, done } from '../support/access-world.js';
import type { TestApp } from '../support/app.js';
import type { Client, Json } from '../support/client.js';
import { card } from '../support/money.js';
import { SHOP_ORIGIN } from '../support/shops.js';
import { until } from '../support/until.js';
import type { Recorder } from './recorder.js';

const PASSWORD = 'correct horse battery';
const ADA = { email: 'ada@example.org', password: PASSWORD, name: 'Ada Byron' };

const id = (value: string, rest: Omit<Call, 'params'> = {}): Call => ({ params: { id: value }, ...rest });

/** Story of a shop, refusals included; the access table calls the routes that it does not call. */
export async function playStory(app: TestApp, world: AccessWorld, recorder: Recorder): Promise<void> {
  await playAccount(app, recorder);
  await playSeats(world, recorder);
  await playOrders(world, recorder);
  await playEvents(world, recorder);
  await playWaitlist(world, recorder);
  await playLists(world, recorder);
  await playHouse(world, recorder);
  await playInvitation(world, recorder);
  await playShop(world, recorder);
}

async function playAccount(app: TestApp, recorder: Recorder): Promise<void> {
  const nobody = app.client();
  await recorder.call('POST /auth/register', nobody, 201, { body: ADA });
  await recorder.call('POST /auth/register', nobody, 409, { body: ADA });
  await recorder.call('POST /auth/register', nobody, 422, { body: { ...ADA, email: 'ada' } });
  const { email, password } = ADA;
  await recorder.call('POST /auth/login', nobody, 401, { body: { email, password: 'a guess' } });
  const { accessToken, refreshToken } = await recorder.call('POST /auth/login', nobody, 200, {
    body: { email, password },
  });
  await recorder.call('POST /auth/refresh', nobody, 200, { body: { refreshToken } });
  const ada = app.client(accessToken);
  await recorder.call('GET /auth/me', nobody, 401);
  await recorder.call('GET /auth/me', ada, 200);
  await playSecondFactor(app, ada, recorder);
  await recorder.call('POST /auth/verify', nobody, 204, {
    body: { token: await mailed(app, email, 'verify') },
  });
  await recorder.call('POST /auth/forgot', nobody, 202, { body: { email } });
  const token = await mailed(app, email, 'reset');
  await recorder.call('POST /auth/reset', nobody, 204, {
    body: { token, password: 'staple gun on the roof' },
  });
  await recorder.call('POST /auth/reset', nobody, 422, {
    body: { token, password: 'staple gun on the roof' },
  });
}

async function playSecondFactor(app: TestApp, ada: Client, recorder: Recorder): Promise<void> {
  const nobody = app.client();
  const { email, password } = ADA;
  const login = { body: { email, password } };
  const codeOf = (secret: string, steps: number) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });
  const turnOn = async () => {
    const { secret } = await recorder.call('POST /auth/me/second-factor', ada, 200);
    const code = codeOf(secret, -1);
    await recorder.call('PUT /auth/me/second-factor', ada, 200, { body: { code } });
    return secret;
  };
  const secret = await turnOn();
  const { challenge } = await recorder.call('POST /auth/login', nobody, 401, login);
  const wrong = { body: { challenge, code: codeOf(secret, -9) } };
  await recorder.call('POST /auth/login/second-factor', nobody, 403, wrong);
  const right = { body: { challenge, code: codeOf(secret, 0) } };
  await recorder.call('POST /auth/login/second-factor', nobody, 200, right);
  await recorder.call('POST /auth/step-up', ada, 200, { body: { code: codeOf(secret, 1) } });
  await recorder.call('POST /auth/me/recovery-codes', ada, 200);
  const { data } = await recorder.call('GET /auth/me/sessions', ada, 200);
  await recorder.call('DELETE /auth/me/sessions/{id}', ada, 204, id(data[0].id));
  await recorder.call('DELETE /auth/me/second-factor', ada, 204);
  await turnOn();
  const [admin] = await app.people(1, 'admin');
  const me = (await ada.get('/auth/me')).body.id;
  await recorder.call('DELETE /admin/users/{id}/second-factor', admin!.client, 204, id(me));
}

/** The token of the newest mail with such a link. */
async function mailed(app: TestApp, to: string, kind: string): Promise<string> {
  const found = async (): Promise<string | undefined> => {
    const mails = (await app.client().get(`//dev/mail.json?to=${encodeURIComponent(to)}`)).body as Json[];
    const texts = mails.map(({ text }) => text as string);
    return texts.flatMap((text) => new RegExp(`${kind}\\S*[?&#]token=([\\w-]+)`).exec(text)?.[1] ?? [])[0];
  };
  await until(async () => (await found()) !== undefined);
  return (await found())!;
}

async function playSeats(world: AccessWorld, recorder: Recorder): Promise<void> {
  const { buyer, organizer, app } = world;
  const nobody = app.client();
  const { eventId } = world.sale;
  await recorder.call('GET /events/{id}', nobody, 200, id(eventId));
  await recorder.call('GET /events/{id}', nobody, 404, id('019ab0c0-0000-7000-8000-0000000000ff'));
  await recorder.call('GET /events', nobody, 200, { query: '?q=final&limit=1' });
  await recorder.call('GET /events', nobody, 400, { query: '?limit=1000' });
  await recorder.call('GET /events/{id}/seats', nobody, 200, id(eventId));
  const { seq } = (await nobody.get(`/events/${eventId}/seats`)).body;
  const hold = (body: Json, status: number, name?: string) =>
    recorder.call('POST /events/{id}/holds', buyer.client, status, id(eventId, { body }), name);
  const seats = await hold({ seats: [0, 1] }, 201, 'seats');
  const areas = await hold({ areas: [{ area: 'Standing', quantity: 2 }] }, 201, 'places');
  const best = await hold({ best: { quantity: 3, together: true } }, 201, 'best');
  await hold({ seats: [0, 1] }, 409);
  await hold({ areas: [{ area: 'Standing', quantity: 9 }] }, 409);
  await hold({ best: { quantity: 9, together: true, maxPrice: 1 } }, 409);
  await hold({ seats: [999_999] }, 422);
  await recorder.call('GET /events/{id}/seats/changes', nobody, 200, id(eventId, { query: `?since=${seq}` }));
  await recorder.call('GET /events/{id}/seats/changes', nobody, 410, id(eventId, { query: '?since=999999' }));
  await recorder.call('GET /events/{id}/seats/{label}/history', organizer.client, 200, {
    params: { id: eventId, label: 'Hall-1-1' },
  });
  await recorder.call('POST /bookings/{id}/extend', buyer.client, 200, id(seats.id));
  await recorder.call('POST /bookings/{id}/extend', buyer.client, 409, id(seats.id));
  await recorder.call('DELETE /bookings/{id}', buyer.client, 204, id(areas.id));
  for (const { id: booking } of [seats, best]) await done(buyer.client.delete(`/bookings/${booking}`));
}

async function playOrders(world: AccessWorld, recorder: Recorder): Promise<void> {
  const { buyer } = world;
  const { eventId } = world.sale;
  const pay = (booking: Json, number: string, status: number, name?: string) =>
    recorder.call(
      'POST /bookings/{id}/checkout',
      buyer.client,
      status,
      id(booking.id, { body: card(number) }),
      name,
    );
  const hold = (body: Json) => done(buyer.client.post(`/events/${eventId}/holds`, body));
  const booking = await hold({ best: { quantity: 2, together: true } });
  await pay(booking, '4000000000000002', 402);
  await pay(booking, '4242424242424242', 200, 'confirmed');
  await pay(booking, '4242424242424242', 409);
  await recorder.call('GET /bookings/{id}/tickets', buyer.client, 200, id(booking.id));
  const [ticket] = (await buyer.client.get(`/bookings/${booking.id}/tickets`)).body.data;
  const scan = id(eventId, { body: { token: ticket.token, gate: 'North' } });
  await recorder.call('POST /events/{id}/check-in', world.organizer.client, 200, scan);
  await recorder.call('POST /events/{id}/check-in', world.organizer.client, 409, scan);
  const second = await hold({ best: { quantity: 1 } });
  const { nextAction } = await pay(second, '4000002500003155', 202, 'second_step');
  const ref = /sb_[\w-]+/.exec(nextAction.url)![0];
  await recorder.call('POST /payments/sandbox/{ref}/confirm', buyer.client, 204, { params: { ref } });
  await until(async () => (await buyer.client.get(`/bookings/${second.id}`)).body.status === 'confirmed');
  await recorder.call('GET /bookings/{id}', buyer.client, 200, id(second.id));
  await recorder.call('GET /bookings/{id}', world.user.client, 404, id(second.id));
  const items = [(await buyer.client.get(`/bookings/${second.id}`)).body.items[0].id];
  await recorder.call('GET /bookings/{id}/refund-quote', buyer.client, 200, id(second.id));
  await recorder.call(
    'POST /bookings/{id}/cancel',
    buyer.client,
    200,
    id(second.id, { body: { items } }),
    'some',
  );
}

async function playEvents(world: AccessWorld, recorder: Recorder): Promise<void> {
  const { client } = world.organizer;
  const draft = await world.draft();
  const body = { title: 'Season opening', maxSeatsPerBooking: 6 };
  const edit = (status: number, headers?: Record<string, string>) =>
    recorder.call('PATCH /events/{id}', client, status, id(draft.id, { body, headers }));
  await edit(428);
  await edit(200, { 'if-match': '"v1"' });
  await edit(412, { 'if-match': '"v1"' });
  const picture = { body: DOT, headers: { 'if-match': '"v2"', 'content-type': 'image/png' } };
  const { image } = await recorder.call('PUT /events/{id}/image', client, 200, id(draft.id, picture));
  await recorder.call('GET /images/{hash}', client, 200, { params: { hash: image.hash } });
  await recorder.call('POST /events', world.user.client, 403, { body: await world.eventInput() });
  const event = await world.onSale();
  await done(world.buyer.client.post(`/events/${event.id}/holds`, { seats: [0] }));
  await recorder.call('GET /events/{id}/cancellation', client, 409, id(event.id));
  await recorder.call(
    'POST /events/{id}/cancel',
    client,
    200,
    id(event.id, { body: { reason: 'The hall is flooded.' } }),
  );
  await until(async () => (await client.get(`/events/${event.id}/cancellation`)).body.state === 'completed');
  await recorder.call('GET /events/{id}/cancellation', client, 200, id(event.id));
}

/** Two people wait for one seat: the first declines what the second accepts. */
async function playWaitlist(world: AccessWorld, recorder: Recorder): Promise<void> {
  const { friend, buyer, user } = world;
  const event = await world.onSale();
  const hold = await done(friend.client.post(`/events/${event.id}/holds`, { seats: [0, 1] }));
  const join = (client: Client, status: number) =>
    recorder.call('POST /events/{id}/waitlist', client, status, id(event.id, { body: { quantity: 1 } }));
  const first = await join(buyer.client, 201);
  await join(buyer.client, 409);
  const second = await done(user.client.post(`/events/${event.id}/waitlist`, { quantity: 2 }));
  await recorder.call('GET /events/{id}/waitlist', world.organizer.client, 200, id(event.id));
  await done(friend.client.delete(`/bookings/${hold.id}`));
  await offered(buyer.client, first.id);
  await recorder.call('GET /waitlist/{id}', buyer.client, 200, id(first.id));
  await recorder.call('POST /waitlist/{id}/decline', buyer.client, 200, id(first.id));
  await offered(user.client, second.id);
  await recorder.call('POST /waitlist/{id}/accept', user.client, 200, id(second.id));
}

const offered = (client: Client, entry: string): Promise<void> =>
  until(async () => (await client.get(`/waitlist/${entry}`)).body.state === 'offered', 10_000);

/** Lists at the end, once the notifications have arrived. */
async function playLists(world: AccessWorld, recorder: Recorder): Promise<void> {
  const { buyer, organizer, sale } = world;
  await world.offer();
  const { id: webhook, delivery } = await world.delivery();
  await until(async () => (await buyer.client.get('/notifications')).body.data.length > 3);
  await sleep(2_000);
  for (const route of ['bookings', 'payments', 'tickets', 'ticket-transfers', 'waitlist', 'notifications'])
    await recorder.call(`GET /${route}`, buyer.client, 200);
  await recorder.call('GET /webhooks', organizer.client, 200);
  await recorder.call('GET /webhooks/{id}/deliveries', organizer.client, 200, id(webhook));
  await recorder.call('GET /webhooks/{id}/deliveries/{delivery}', organizer.client, 200, {
    params: { id: webhook, delivery },
  });
  await recorder.call('GET /admin/mails', world.admin.client, 200, { query: '?limit=2&state=sent' });
  await recorder.call('GET /venues/{id}/seating-plans', organizer.client, 200, id(sale.venueId));
}

async function playHouse(world: AccessWorld, recorder: Recorder): Promise<void> {
  const { admin, app } = world;
  const stale = await world.houseVersion();
  await recorder.call('PUT /admin/house', admin.client, 200, stale);
  await recorder.call('PUT /admin/house', admin.client, 412, stale);
  await recorder.call('PUT /admin/house/logo', admin.client, 200, await world.houseVersion());
  await recorder.call('GET /house', app.client(), 200);
  await recorder.call('GET /house/logo', app.client(), 200);
  const { client, id: organisation } = world.organizer;
  const settings = 'PUT /organisations/{id}/house/settings' as const;
  const before = await world.ownHouseVersion();
  await recorder.call(settings, client, 200, before);
  await recorder.call(settings, client, 412, before);
  await recorder.call(`${settings}/logo`, client, 200, await world.ownHouseVersion());
  await recorder.call('GET /organisations/{id}/house', app.client(), 200, id(organisation));
}

async function playInvitation(world: AccessWorld, recorder: Recorder): Promise<void> {
  const { organizer, app } = world;
  const [guest] = await app.people(1);
  const wanted = { email: guest.email, permissions: ['door'] };
  await done(organizer.client.post(`/organisations/${organizer.id}/invitations`, wanted));
  const body = { token: await mailed(app, guest.email, 'invitation') };
  await recorder.call('POST /invitations/look', app.client(), 200, { body });
  await recorder.call('POST /invitations/accept', guest.client, 200, { body });
  await recorder.call('POST /invitations/accept', guest.client, 422, { body });
}

/** The server of a shop makes a session, with which its customer buys in a browser. */
async function playShop(world: AccessWorld, recorder: Recorder): Promise<void> {
  const { shop, app, sale } = world;
  const { eventId } = sale;
  const customer = { reference: 'C-1042', name: 'Ada Byron', email: ADA.email, locale: 'en' };
  const body = { origin: SHOP_ORIGIN, customer, minutes: 30 };
  const make = (client: Client, status: number) =>
    recorder.call('POST /events/{id}/buyer-sessions', client, status, id(eventId, { body }));
  const session = await make(shop.client, 201);
  await make(world.organizer.client, 403);
  await make(app.client(), 401);
  const buyer = app.client(session.token);
  await recorder.call('POST /events/{id}/publish', buyer, 403, id(eventId));
  await recorder.call('GET /customers', shop.client, 200, { query: '?reference=C-1042' });
  await recorder.call('GET /customers/{id}/export', shop.client, 200, id(session.customerId));
  await recorder.call('DELETE /buyer-sessions/{id}', shop.client, 204, id(session.id));
  await recorder.call('DELETE /customers/{id}', shop.client, 204, id(session.customerId));
}
