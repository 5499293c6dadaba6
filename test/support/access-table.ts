import type { AccessWorld } from './access-world.js';
import type { Json } from './client.js';
import { plainHall } from './halls.js';
import { card } from './money.js';

/** Who asks, in the order of the columns below. */
export const ROLES = ['anonymous', 'owner', 'user', 'organizer', 'admin'] as const;
export type Column = (typeof ROLES)[number];

export interface Call {
  /** Parts of the path by name; `id` alone may be given as text. */
  params?: Record<string, string>;
  query?: string;
  /** Absent: the example of the OpenAPI document. */
  body?: Json;
  headers?: Record<string, string>;
}

export interface Row {
  /** anonymous, owner, another user, another organizer, administrator */
  readonly statuses: readonly number[];
  readonly owner: 'buyer' | 'organizer' | 'friend' | 'colleague' | 'shop' | 'self';
  /** Something real of the owner's to call it on. */
  readonly make?: (world: AccessWorld) => Promise<Call>;
}

type Make = Row['make'];
const row = (statuses: number[], owner: Row['owner'], make?: Make): Row => ({
  statuses,
  owner,
  ...(make && { make }),
});
const EVERYBODY = (status: number, make?: Make) =>
  row([status, status, status, status, status], 'buyer', make);
/** One's own account and lists: everybody has them, each person those of his own. */
const ONESELF = (status: number, make?: Make) => row([401, status, status, status, status], 'self', make);
const ADMINS = (status: number, make?: Make) => row([401, 403, 403, 403, status], 'buyer', make);
const ORGANIZERS = (status: number, make?: Make) =>
  row([401, status, 403, status, status], 'organizer', make);
/** Object of an organizer: unknown to the others. */
const ORGANIZER = (status: number, make?: Make) => row([401, status, 403, 404, status], 'organizer', make);
/** Object of a buyer: unknown to everybody else, but for administrators where `admin` says so. */
const BUYER = (status: number, admin: number, make?: Make) =>
  row([401, status, 404, 404, admin], 'buyer', make);

/** For a key of the organizer's organisation alone. */
const SHOP = (status: number, make?: Make) => row([401, status, 403, 403, 403], 'shop', make);

/** For a member of the organizer's organisation. */
const MEMBER = (status: number, make?: Make) => row([401, status, 404, 404, 404], 'colleague', make);

const id = (value: string, rest: Omit<Call, 'params'> = {}): Call => ({ params: { id: value }, ...rest });
const V1 = { headers: { 'if-match': '"v1"' } };
const sale = async (w: AccessWorld) => id(w.sale.eventId);
const draft = async (w: AccessWorld) => id((await w.draft()).id);
const venue = async (w: AccessWorld) => id((await w.venue()).id);
const hold = async (w: AccessWorld) => id((await w.hold()).id);
/** The organizer's organisation, with a member and an invitation. */
const organisation =
  (body?: Json) =>
  async (w: AccessWorld): Promise<Call> => ({
    params: { id: w.organizer.id, member: await w.member(), invitation: await w.invitation() },
    ...(body && { body }),
  });
const bought = async (w: AccessWorld) => id((await w.bought()).id);
const ticket = async (w: AccessWorld) => id((await w.ticket()).id);
const offer = async (w: AccessWorld) => id((await w.offer()).id);
const entry = async (w: AccessWorld) => id((await w.entry()).id);
const hook = async (w: AccessWorld) => id((await w.hook()).id);
const delivery = async (w: AccessWorld): Promise<Call> => ({ params: { ...(await w.delivery()) } });
const password = (body: Json) => async (): Promise<Call> => ({ body });
/** A picture of one pixel. */
export const DOT = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const PASSWORD = 'a password of this test';
const newProvider = () => ({
  name: 'ID',
  issuer: `https://id.example.org/${crypto.randomUUID()}`,
  clientId: 'evently',
});

/** Answer of each route to each caller. A route without a row and a row without a route fail `access.test.ts`. */
export const ACCESS: Record<string, Row | Row[]> = {
  'GET /organisations': ONESELF(200),
  'POST /organisations': row([401, 201, 403, 201, 201], 'organizer'),
  'GET /organisations/{id}': row([401, 200, 404, 404, 200], 'organizer', organisation()),
  'PATCH /organisations/{id}': ORGANIZER(200, async (w) => id(w.organizer.id, await w.organisationVersion())),
  'POST /organisations/{id}/leave': MEMBER(204, organisation()),
  'GET /organisations/{id}/members': ORGANIZER(200, organisation()),
  'PUT /organisations/{id}/members/{member}': ORGANIZER(204, organisation({ permissions: ['door'] })),
  'DELETE /organisations/{id}/members/{member}': ORGANIZER(204, organisation()),
  'GET /organisations/{id}/invitations': ORGANIZER(200, organisation()),
  'POST /organisations/{id}/invitations': ORGANIZER(
    201,
    organisation({ email: 'invited@example.org', permissions: ['door'] }),
  ),
  'DELETE /organisations/{id}/invitations/{invitation}': ORGANIZER(204, organisation()),
  'POST /organisations/{id}/ownership': ORGANIZER(204, async (w) =>
    id(w.organizer.id, { body: { userId: await w.member() } }),
  ),
  'POST /organisations/{id}/ownership/accept': MEMBER(204, async (w) => {
    const userId = await w.member();
    await w.organizer.client.post(`/organisations/${w.organizer.id}/ownership`, { userId });
    return id(w.organizer.id);
  }),
  'GET /organisations/{id}/house': EVERYBODY(200, async (w) => id(w.organizer.id)),
  'GET /organisations/{id}/house/texts': EVERYBODY(200, async (w) => id(w.organizer.id)),
  'GET /organisations/{id}/house/logo': EVERYBODY(404, async (w) => id(w.organizer.id)),
  'GET /organisations/{id}/house/settings': ORGANIZER(200, organisation()),
  'PUT /organisations/{id}/house/settings': ORGANIZER(200, async (w) => w.ownHouseVersion()),
  'PUT /organisations/{id}/house/settings/logo': ORGANIZER(200, async (w) => w.ownHouseVersion()),
  'DELETE /organisations/{id}/house/settings/logo': ORGANIZER(200, async (w) => w.ownHouseVersion()),
  'GET /organisations/{id}/audit': ORGANIZER(200, organisation()),
  'GET /organisations/{id}/keys': ORGANIZER(200, organisation()),
  'POST /organisations/{id}/keys': ORGANIZER(201, organisation({ name: 'Shop', permissions: ['door'] })),
  'POST /organisations/{id}/keys/{key}/rotate': ORGANIZER(201, async (w) => ({
    params: { id: w.organizer.id, key: await w.key() },
  })),
  'DELETE /organisations/{id}/keys/{key}': ORGANIZER(204, async (w) => ({
    params: { id: w.organizer.id, key: await w.key() },
  })),
  'GET /organisations/{id}/identity-providers': ORGANIZER(200, organisation()),
  'POST /organisations/{id}/identity-providers': ORGANIZER(201, async (w) =>
    id(w.organizer.id, { body: newProvider() }),
  ),
  'PATCH /organisations/{id}/identity-providers/{provider}': ORGANIZER(200, async (w) => ({
    params: { id: w.organizer.id, provider: await w.provider(w.organizer.id) },
    ...V1,
  })),
  'DELETE /organisations/{id}/identity-providers/{provider}': ORGANIZER(204, async (w) => ({
    params: { id: w.organizer.id, provider: await w.provider(w.organizer.id) },
  })),
  // It is at an address to which nothing is sent.
  'POST /organisations/{id}/identity-providers/{provider}/try': ORGANIZER(503, async (w) => ({
    params: { id: w.organizer.id, provider: await w.provider(w.organizer.id) },
  })),
  'POST /invitations/look': EVERYBODY(422),
  'POST /invitations/accept': ONESELF(422),
  'GET /admin/identity-providers': ADMINS(200),
  'POST /admin/identity-providers': ADMINS(201, async () => ({ body: newProvider() })),
  'PATCH /admin/identity-providers/{id}': ADMINS(200, async (w) => id(await w.provider(null), V1)),
  'DELETE /admin/identity-providers/{id}': ADMINS(204, async (w) => id(await w.provider(null))),
  'POST /admin/identity-providers/{id}/try': ADMINS(503, async (w) => id(await w.provider(null))),
  'GET /admin/audit': ADMINS(200),
  'GET /admin/outbox': ADMINS(200),
  'POST /admin/outbox/parked/retry': ADMINS(204, async (w) => ({ body: await w.parked() })),
  'GET /admin/sagas': ADMINS(200),
  'GET /admin/sagas/{id}': ADMINS(200, async (w) => id(await w.stuckSaga())),
  'POST /admin/sagas/{id}/retry': ADMINS(200, async (w) => id(await w.stuckSaga())),
  'GET /admin/overview': ADMINS(200),
  'GET /admin/mails': ADMINS(200),
  'GET /admin/mails/{id}/preview': ADMINS(200, async (w) => id(await w.failedMail())),
  'POST /admin/mails/{id}/retry': ADMINS(200, async (w) => id(await w.failedMail())),
  'POST /admin/mails/{id}/repeat': ADMINS(200, async (w) => id(await w.failedMail())),
  'GET /admin/users': ADMINS(200),
  'GET /admin/users/{id}': ADMINS(200, async (w) => id(w.friend.id)),
  'GET /admin/users/{id}/bookings': ADMINS(200, async (w) => id(w.friend.id)),
  // An account of its own: who is locked is logged out.
  'POST /admin/users/{id}/lock': ADMINS(204, async (w) => id(await w.stranger())),
  'POST /admin/users/{id}/unlock': ADMINS(204, async (w) => id(w.friend.id)),
  'PATCH /admin/users/{id}': ADMINS(200, async (w) => id(w.friend.id, { body: { role: 'user' } })),
  'GET /admin/house': ADMINS(200),
  'PUT /admin/house': ADMINS(200, async (w) => w.houseVersion()),
  'PUT /admin/house/logo': ADMINS(200, async (w) => w.houseVersion()),
  'DELETE /admin/house/logo': ADMINS(200, async (w) => w.houseVersion()),
  'POST /admin/payments/compare': ADMINS(200, async () => ({ body: { days: 1 } })),
  'GET /admin/payments/discrepancies': ADMINS(200),
  'POST /admin/payments/discrepancies/{id}/resolve': ADMINS(200, async (w) => id(await w.discrepancy())),
  'GET /admin/demo/rush': ADMINS(200),
  // Without guests no robot comes.
  'POST /admin/demo/rush': ADMINS(202, async (w) => ({ body: { eventId: w.sale.eventId } })),
  'GET /demo/logins': EVERYBODY(200),

  'POST /admin/refunds/{id}/settle': ADMINS(200, async (w) => id(await w.refusedRefund())),

  'POST /auth/register': EVERYBODY(201, async () => ({
    body: { email: `${crypto.randomUUID()}@example.org`, password: PASSWORD, name: 'New' },
  })),
  'POST /auth/login/second-factor': EVERYBODY(422),
  'POST /auth/login': EVERYBODY(401),
  'GET /auth/identity-providers': EVERYBODY(200),
  'POST /auth/login/identity': EVERYBODY(404),
  'POST /auth/login/identity/finish': EVERYBODY(422),
  'GET /auth/me/identities': ONESELF(200),
  'POST /auth/me/identities': ONESELF(400, async () => ({ body: {} })),
  'DELETE /auth/me/identities/{identity}': BUYER(204, 404, async (w) => ({
    params: { identity: await w.identity() },
  })),
  'POST /auth/step-up/identity': ONESELF(400, async () => ({ body: {} })),
  'POST /auth/login/passkey/options': EVERYBODY(200),
  'POST /auth/login/passkey': EVERYBODY(422),
  'POST /auth/refresh': EVERYBODY(401),
  'POST /auth/forgot': EVERYBODY(202),
  'POST /auth/reset': EVERYBODY(422),
  'POST /auth/verify': EVERYBODY(422),
  'POST /auth/verify/resend': ONESELF(202),
  'POST /auth/logout': ONESELF(204),
  'POST /auth/logout-all': ONESELF(204),
  'GET /auth/me': ONESELF(200),
  'PATCH /auth/me': ONESELF(200, async () => V1),
  'DELETE /auth/me': ONESELF(204, password({ password: PASSWORD })),
  'POST /auth/me/password': ONESELF(
    204,
    password({ current: PASSWORD, password: 'another one of this test' }),
  ),
  'GET /auth/me/export': ONESELF(200),
  'POST /auth/step-up': ONESELF(200, password({ password: PASSWORD })),
  'GET /auth/me/security': ONESELF(200),
  'GET /auth/me/sessions': ONESELF(200),
  'DELETE /auth/me/sessions/{id}': ONESELF(400, async () => id('x')),
  'POST /auth/me/second-factor': ONESELF(200),
  'PUT /auth/me/second-factor': ONESELF(409),
  'DELETE /auth/me/second-factor': ONESELF(409),
  'POST /auth/me/recovery-codes': ONESELF(409),
  'DELETE /admin/users/{id}/second-factor': ADMINS(409, async (w) => id(w.user.id)),
  // Nobody here has one to prove it with.
  'POST /auth/step-up/options': ONESELF(409),
  'DELETE /auth/me/sessions': ONESELF(204),
  'GET /auth/me/passkeys': ONESELF(200),
  'POST /auth/me/passkeys/options': ONESELF(200),
  'POST /auth/me/passkeys': ONESELF(422),
  'PATCH /auth/me/passkeys/{id}': BUYER(204, 404, async (w) => id(await w.passkey())),
  'DELETE /auth/me/passkeys/{id}': BUYER(204, 404, async (w) => id(await w.passkey())),

  'GET /images/{hash}': EVERYBODY(404, async () => ({ params: { hash: '0'.repeat(32) } })),
  'GET /house': EVERYBODY(200),
  'GET /house/texts': EVERYBODY(200),
  'GET /house/logo': EVERYBODY(404),

  'GET /venues': EVERYBODY(200),
  'POST /venues': ORGANIZERS(201),
  'GET /venues/{id}': EVERYBODY(200, venue),
  'PATCH /venues/{id}': ORGANIZER(200, async (w) => id((await w.venue()).id, V1)),
  'DELETE /venues/{id}': ORGANIZER(204, venue),
  'POST /venues/{id}/seating-plans': ORGANIZER(201, async (w) =>
    id((await w.venue()).id, { body: plainHall(1, 2) }),
  ),
  'GET /venues/{id}/seating-plans': EVERYBODY(200, venue),
  // Halls are not secret among organizers, but only their own can change them.
  'GET /venues/{id}/seating-plans/{planId}': ORGANIZERS(200, async (w) => {
    const plan = await w.plan();
    return { params: { id: plan.venue.id, planId: plan.id } };
  }),

  'GET /events': EVERYBODY(200),
  'POST /events': ORGANIZERS(201, async (w) => ({ body: await w.eventInput() })),
  'GET /events/upcoming': EVERYBODY(200),
  'GET /events/popular': EVERYBODY(200),
  'GET /events/categories': EVERYBODY(200),
  'GET /events/cities': EVERYBODY(200),
  'GET /events/{id}': [EVERYBODY(200, sale), row([404, 200, 404, 404, 200], 'organizer', draft)],
  'PATCH /events/{id}': ORGANIZER(200, async (w) => id((await w.draft()).id, V1)),
  'DELETE /events/{id}': ORGANIZER(204, draft),
  'PUT /events/{id}/image': ORGANIZER(200, async (w) =>
    id((await w.draft()).id, {
      body: DOT,
      headers: { ...V1.headers, 'content-type': 'image/png' },
    }),
  ),
  'DELETE /events/{id}/image': ORGANIZER(200, async (w) => id((await w.draft()).id, V1)),
  'GET /events/{id}/price-tiers': [EVERYBODY(200, sale), row([404, 200, 404, 404, 200], 'organizer', draft)],
  'PUT /events/{id}/price-tiers': ORGANIZER(200, async (w) =>
    id((await w.draft()).id, { ...V1, body: { priceTiers: [{ name: 'All', price: 1, category: 'C0' }] } }),
  ),
  'POST /events/{id}/publish': ORGANIZER(200, draft),
  'POST /events/{id}/pause': ORGANIZER(200, async (w) => id((await w.onSale()).id)),
  'POST /events/{id}/resume': ORGANIZER(200, async (w) => id((await w.onSale()).id)),
  'POST /events/{id}/cancel': ORGANIZER(200, async (w) => id((await w.onSale()).id)),
  'GET /events/{id}/cancellation': ORGANIZER(409, sale),
  'POST /events/{id}/seats/block': ORGANIZER(200, async (w) =>
    id((await w.onSale()).id, { body: { seats: [0] } }),
  ),
  'POST /events/{id}/seats/unblock': ORGANIZER(200, async (w) =>
    id((await w.onSale()).id, { body: { seats: [0] } }),
  ),
  'GET /events/{id}/seat-map': [EVERYBODY(200, sale), row([404, 200, 404, 404, 200], 'organizer', draft)],
  'GET /events/{id}/seats': [
    EVERYBODY(200, sale),
    row([404, 409, 404, 404, 409], 'organizer', draft),
    row([401, 200, 404, 404, 200], 'organizer', async (w) =>
      id((await w.onSale()).id, { query: `?at=${new Date().toISOString()}` }),
    ),
  ],
  'GET /events/{id}/seats/changes': EVERYBODY(200, async (w) => id(w.sale.eventId, { query: '?since=0' })),
  'GET /events/{id}/seats/{label}/history': ORGANIZER(200, async (w) => ({
    params: { id: w.sale.eventId, label: 'B0-1-1' },
  })),

  'POST /events/{id}/holds': ONESELF(201, async (w) => id((await w.onSale()).id, { body: { seats: [0] } })),
  'GET /bookings': ONESELF(200),
  'GET /bookings/{id}': BUYER(200, 200, hold),
  'DELETE /bookings/{id}': BUYER(204, 204, hold),
  'POST /bookings/{id}/extend': BUYER(200, 200, hold),
  'POST /bookings/{id}/checkout': BUYER(200, 404, async (w) => id((await w.hold()).id, { body: card() })),
  'GET /bookings/{id}/refund-quote': BUYER(200, 200, bought),
  'POST /bookings/{id}/cancel': BUYER(200, 200, async (w) => id((await w.bought()).id, { body: {} })),
  'GET /bookings/{id}/history': BUYER(200, 200, bought),

  'GET /payments': ONESELF(200),
  'GET /payments/method': EVERYBODY(200),
  'POST /payments/{id}/refund': ORGANIZER(200, async (w) => id(await w.payment(), { body: { amount: 1 } })),
  'POST /payments/sandbox/{ref}/confirm': EVERYBODY(404, async () => ({
    params: { ref: `sb_${crypto.randomUUID()}` },
  })),
  'POST /payments/webhooks/stripe': EVERYBODY(404, async () => ({
    headers: { 'stripe-signature': 't=1,v1=00' },
  })),

  'GET /tickets': ONESELF(200),
  'GET /tickets/keys': EVERYBODY(200),
  'GET /tickets/{id}': BUYER(200, 404, ticket),
  'GET /tickets/{id}/qr.png': BUYER(200, 404, ticket),
  'GET /tickets/{id}/qr.svg': BUYER(200, 404, ticket),
  'GET /tickets/{id}/ticket.pdf': BUYER(200, 404, ticket),
  'GET /tickets/{id}/event.ics': BUYER(200, 404, ticket),
  'GET /bookings/{id}/tickets': BUYER(200, 404, bought),
  'GET /bookings/{id}/tickets.pdf': BUYER(200, 404, bought),
  'GET /bookings/{id}/tickets.ics': BUYER(200, 404, bought),
  'POST /events/{id}/check-in': ORGANIZER(200, async (w) =>
    id(w.sale.eventId, { body: { token: (await w.ticket()).token, gate: 'North' } }),
  ),
  'GET /events/{id}/check-in': ORGANIZER(200, sale),
  'POST /events/{id}/check-in/undo': ORGANIZER(200, async (w) =>
    id(w.sale.eventId, { body: { token: await w.scanned(), gate: 'North' } }),
  ),
  'POST /tickets/{id}/transfer': BUYER(201, 404, async (w) =>
    id((await w.ticket()).id, { body: { email: w.friend.email } }),
  ),
  'GET /ticket-transfers': ONESELF(200),
  'POST /ticket-transfers/{id}/accept': row([401, 200, 404, 404, 404], 'friend', offer),
  'POST /ticket-transfers/{id}/decline': row([401, 204, 404, 404, 404], 'friend', offer),
  'DELETE /ticket-transfers/{id}': BUYER(204, 404, offer),

  'POST /events/{id}/waitlist': ONESELF(201, async (w) => id((await w.full()).id, { body: { quantity: 1 } })),
  'POST /events/{id}/buyer-sessions': SHOP(201, sale),
  'DELETE /buyer-sessions/{id}': SHOP(204, async (w) => id((await w.buyerSession()).id)),
  'GET /customers': ORGANIZERS(200),
  'GET /customers/{id}/export': ORGANIZER(200, async (w) => id((await w.buyerSession()).customerId)),
  'DELETE /customers/{id}': ORGANIZER(204, async (w) => id((await w.buyerSession()).customerId)),
  'GET /events/{id}/waitlist': ORGANIZER(200, sale),
  'GET /waitlist': ONESELF(200),
  'GET /waitlist/{id}': BUYER(200, 404, entry),
  'DELETE /waitlist/{id}': BUYER(204, 404, entry),
  // Nothing is offered yet, which only the owner is told.
  'POST /waitlist/{id}/accept': BUYER(409, 404, entry),
  'POST /waitlist/{id}/decline': BUYER(409, 404, entry),

  'GET /notifications': ONESELF(200),
  'POST /notifications/read-all': ONESELF(200),
  'GET /notifications/preferences': ONESELF(200),
  'PUT /notifications/preferences': ONESELF(200),
  'POST /notifications/{id}/read': BUYER(200, 404, async (w) => id(await w.notification())),

  'GET /analytics/summary': ORGANIZERS(200),
  'GET /analytics/popular': ORGANIZERS(200),
  'GET /analytics/timeseries': ORGANIZER(200, async (w) => ({
    query: `?from=2027-01-01&to=2027-01-31&eventId=${w.sale.eventId}`,
  })),
  'GET /analytics/cancellations': ORGANIZER(200, async (w) => ({ query: `?eventId=${w.sale.eventId}` })),
  'GET /analytics/events/{id}': ORGANIZER(200, sale),

  'GET /webhooks': ORGANIZERS(200),
  'POST /webhooks': ORGANIZERS(201, async (w) => ({ body: w.webhook })),
  'GET /webhooks/{id}': ORGANIZER(200, hook),
  'PATCH /webhooks/{id}': ORGANIZER(200, async (w) =>
    id((await w.hook()).id, { ...V1, body: { active: true } }),
  ),
  'DELETE /webhooks/{id}': ORGANIZER(204, hook),
  'POST /webhooks/{id}/secret': ORGANIZER(200, hook),
  'GET /webhooks/{id}/deliveries': ORGANIZER(200, hook),
  'GET /webhooks/{id}/deliveries/{delivery}': ORGANIZER(200, delivery),
  'POST /webhooks/{id}/deliveries/{delivery}/replay': ORGANIZER(202, delivery),
  'POST /webhooks/{id}/replay': ORGANIZER(202, hook),
  'POST /webhooks/{id}/ping': ORGANIZER(202, hook),

  'GET /health/live': EVERYBODY(200),
  'GET /health/ready': EVERYBODY(200),
  'GET /health/status': EVERYBODY(200),
};
