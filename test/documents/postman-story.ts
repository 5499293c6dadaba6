import type { Json } from '../support/client.js';

/** One request of the collection. `{{name}}` is a variable; `saves` sets them from the answer, as expressions over `body`. */
export interface PostmanStep {
  readonly name: string;
  /** As the OpenAPI document spells it, without `/api/v1`. */
  readonly route: string;
  /** Variable with the token; absent: nobody. */
  readonly as?: string;
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly body?: Json;
  readonly status: number;
  readonly saves?: Record<string, string>;
  /** By what they show: expressions over `body` that must be true. */
  readonly checks?: Record<string, string>;
  /** An expression over `body`: until it is true the request is sent again. */
  readonly until?: string;
}

const card = (number: string) => ({ payment: { method: 'card', card: { number } } });
const PASSWORD = 'a long sentence';
/** Nothing else needs an origin here: programs that are no browsers send none. */
const CUSTOMER = {
  origin: 'https://shop.example.org',
  customer: { reference: '{{customer}}', name: 'Ada Byron' },
  minutes: 30,
};
const event = { id: '{{eventId}}' };
const booking = { id: '{{bookingId}}' };
const own = { id: '{{ownEventId}}' };

const SHOP: PostmanStep[] = [
  {
    name: 'Log in as the organizer of the demo',
    route: 'POST /auth/login',
    body: { email: 'organizer@evently.test', password: '{{demoPassword}}' },
    status: 200,
    saves: { ownerToken: 'body.accessToken', organisationId: 'body.user.id' },
    checks: { 'the account is an organizer': "body.user.role === 'organizer'" },
  },
  {
    name: 'Make a key, for the shop and for all that follows',
    route: 'POST /organisations/{id}/keys',
    as: 'ownerToken',
    params: { id: '{{organisationId}}' },
    body: {
      name: 'Our shop',
      permissions: ['sell', 'people', 'events', 'prices', 'door', 'settings'],
    },
    status: 201,
    saves: { key: 'body.key' },
    checks: { 'it is shown once': "body.key.startsWith('evk_live_')" },
  },
  {
    name: 'A key opens nothing that is for people',
    route: 'GET /auth/me',
    as: 'key',
    status: 403,
    checks: { 'the code says so': "body.code === 'key_not_allowed'" },
  },
  {
    name: 'Search events',
    route: 'GET /events',
    query: { q: 'handball', limit: '5' },
    status: 200,
    saves: { eventId: 'body.data[0].id' },
    checks: { 'something is found': 'body.data.length > 0' },
  },
  {
    name: 'Read the event',
    route: 'GET /events/{id}',
    params: event,
    status: 200,
    checks: { 'it is on sale': "body.status === 'published'", 'it has prices': 'body.priceTiers.length > 0' },
  },
  {
    name: 'Make a session for a customer of the shop',
    route: 'POST /events/{id}/buyer-sessions',
    as: 'key',
    params: event,
    body: CUSTOMER,
    status: 201,
    saves: { token: 'body.token', customerId: 'body.customerId' },
    checks: { 'it says how long it lasts': 'Date.parse(body.expiresAt) > Date.now()' },
  },
  {
    name: 'Read the state of the seats',
    route: 'GET /events/{id}/seats',
    params: event,
    status: 200,
    saves: {
      seat: 'Array.from(atob(body.states), (byte) => byte.charCodeAt(0)).flatMap((byte) => [0, 2, 4, 6].map((bit) => (byte >> bit) & 3)).indexOf(0)',
      seq: 'body.seq',
    },
    checks: { 'it covers every seat': 'body.states.length >= Math.ceil(body.count / 4)' },
  },
  {
    name: 'Hold the first free seat',
    route: 'POST /events/{id}/holds',
    as: 'token',
    params: event,
    headers: { 'Idempotency-Key': '{{orderKey}}' },
    body: '{"seats": [{{seat}}]}',
    status: 201,
    saves: { bookingId: 'body.id' },
    checks: {
      'it is held': "body.status === 'held'",
      'it has a deadline': 'Date.parse(body.expiresAt) > Date.now()',
    },
  },
  {
    name: 'The same key brings the same hold',
    route: 'POST /events/{id}/holds',
    as: 'token',
    params: event,
    headers: { 'Idempotency-Key': '{{orderKey}}' },
    body: '{"seats": [{{seat}}]}',
    status: 201,
    checks: { 'nothing else is held': "body.id === pm.collectionVariables.get('bookingId')" },
  },
  {
    name: 'Without the key the seat is taken',
    route: 'POST /events/{id}/holds',
    as: 'token',
    params: event,
    body: '{"seats": [{{seat}}]}',
    status: 409,
    checks: {
      'the code says so': "body.code === 'seats_taken'",
      'the seat is named': "body.conflicts[0] === Number(pm.collectionVariables.get('seat'))",
    },
  },
  {
    name: 'Read what has changed',
    route: 'GET /events/{id}/seats/changes',
    params: event,
    query: { since: '{{seq}}' },
    status: 200,
    checks: {
      'the held seat is among it':
        "body.changes.some(([n, state]) => n === Number(pm.collectionVariables.get('seat')) && state === 1)",
    },
  },
  {
    name: 'Pay with a card that is declined',
    route: 'POST /bookings/{id}/checkout',
    as: 'token',
    params: booking,
    body: card('4000000000000002'),
    status: 402,
    checks: { 'the hold lives on': "body.booking.status === 'held'" },
  },
  {
    name: 'Pay',
    route: 'POST /bookings/{id}/checkout',
    as: 'token',
    params: booking,
    body: card('4242424242424242'),
    status: 200,
    checks: { 'it is confirmed': "body.status === 'confirmed'" },
  },
  {
    name: 'Read the tickets',
    route: 'GET /bookings/{id}/tickets',
    as: 'token',
    params: booking,
    status: 200,
    checks: { 'it is good': "body.data[0].status === 'valid'" },
  },
  {
    name: 'The tickets to print',
    route: 'GET /bookings/{id}/tickets.pdf',
    as: 'token',
    params: booking,
    status: 200,
  },
  {
    name: 'What would go back today',
    route: 'GET /bookings/{id}/refund-quote',
    as: 'token',
    params: booking,
    status: 200,
  },
  {
    name: 'Cancel',
    route: 'POST /bookings/{id}/cancel',
    as: 'token',
    params: booking,
    body: {},
    status: 200,
    checks: { 'it is cancelled': "body.status === 'cancelled'" },
  },
];

const ORGANIZER: PostmanStep[] = [
  {
    name: 'Make a venue',
    route: 'POST /venues',
    as: 'key',
    body: {
      name: 'Small hall',
      address: 'Essener Straße 20',
      city: 'Erfurt',
      country: 'DE',
      timezone: 'Europe/Berlin',
      capacity: 100,
    },
    status: 201,
    saves: { venueId: 'body.id' },
  },
  {
    name: 'Upload a seating plan',
    route: 'POST /venues/{id}/seating-plans',
    as: 'key',
    params: { id: '{{venueId}}' },
    body: {
      plan: {
        name: 'Two seats',
        categories: [{ name: 'Stalls', color: '#1d3557' }],
        zones: [
          {
            name: 'Hall',
            position: { x: 0, y: 0 },
            rows: [
              {
                row_number: '1',
                position: { x: 0, y: 0 },
                seats: [
                  { seat_guid: 'H-1-1', seat_number: '1', position: { x: 20, y: 20 }, category: 'Stalls' },
                  { seat_guid: 'H-1-2', seat_number: '2', position: { x: 44, y: 20 }, category: 'Stalls' },
                ],
              },
            ],
          },
        ],
        size: { width: 100, height: 60 },
      },
    },
    status: 201,
    saves: { planId: 'body.id' },
    checks: { 'it has two seats': 'body.seatCount === 2' },
  },
  {
    name: 'Make an event',
    route: 'POST /events',
    as: 'key',
    body: {
      venueId: '{{venueId}}',
      planId: '{{planId}}',
      title: 'A reading',
      category: 'Reading',
      startsAt: '{{startsAt}}',
      endsAt: '{{endsAt}}',
      currency: 'EUR',
      priceTiers: [{ name: 'Stalls', price: 1500, category: 'Stalls' }],
    },
    status: 201,
    saves: { ownEventId: 'body.id', tag: "'\"v' + body.version + '\"'" },
    checks: { 'it is a draft': "body.status === 'draft'" },
  },
  {
    name: 'Edits need the tag last read',
    route: 'PATCH /events/{id}',
    as: 'key',
    params: own,
    body: { title: 'An evening reading' },
    status: 428,
    checks: { 'the code says so': "body.code === 'if_match_required'" },
  },
  {
    name: 'Edit it',
    route: 'PATCH /events/{id}',
    as: 'key',
    params: own,
    headers: { 'If-Match': '{{tag}}' },
    body: { title: 'An evening reading' },
    status: 200,
    checks: { 'it has the new title': "body.title === 'An evening reading'" },
  },
  {
    name: 'Publish it',
    route: 'POST /events/{id}/publish',
    as: 'key',
    params: own,
    status: 200,
    checks: { 'it is on sale': "body.status === 'published'" },
  },
];

const LAST_SEATS: PostmanStep[] = [
  {
    name: 'A session is for one event: one more for this one',
    route: 'POST /events/{id}/buyer-sessions',
    as: 'key',
    params: own,
    body: CUSTOMER,
    status: 201,
    saves: { token: 'body.token', sessionId: 'body.id' },
    checks: { 'the same buyer': "body.customerId === pm.collectionVariables.get('customerId')" },
  },
  {
    name: 'Hold both seats',
    route: 'POST /events/{id}/holds',
    as: 'token',
    params: own,
    body: { best: { quantity: 2, together: true } },
    status: 201,
    saves: { bookingId: 'body.id' },
    checks: { 'both are held': 'body.items.length === 2' },
  },
  {
    name: 'Pay for both',
    route: 'POST /bookings/{id}/checkout',
    as: 'token',
    params: booking,
    body: card('4242424242424242'),
    status: 200,
  },
  {
    name: 'Somebody else registers',
    route: 'POST /auth/register',
    body: { email: '{{otherEmail}}', password: PASSWORD, name: 'Somebody else' },
    status: 201,
    saves: { otherToken: 'body.accessToken' },
  },
  {
    name: 'Nothing is left',
    route: 'POST /events/{id}/holds',
    as: 'otherToken',
    params: own,
    body: { best: { quantity: 1 } },
    status: 409,
    checks: { 'the code says so': "body.code === 'sold_out'" },
  },
  {
    name: 'Wait for a seat',
    route: 'POST /events/{id}/waitlist',
    as: 'otherToken',
    params: own,
    body: { quantity: 1 },
    status: 201,
    saves: { entryId: 'body.id' },
    checks: { 'first in line': 'body.position === 1' },
  },
  {
    name: 'What people wait for',
    route: 'GET /events/{id}/waitlist',
    as: 'key',
    params: own,
    status: 200,
    checks: { 'one seat': 'body.seatsWanted === 1' },
  },
  {
    name: 'The tickets of both seats',
    route: 'GET /bookings/{id}/tickets',
    as: 'token',
    params: booking,
    status: 200,
    saves: { ticketToken: 'body.data[0].token', otherItem: 'body.data[1].itemId' },
  },
  {
    name: 'One comes in',
    route: 'POST /events/{id}/check-in',
    as: 'key',
    params: own,
    body: { token: '{{ticketToken}}', gate: 'North' },
    status: 200,
  },
  {
    name: 'Nobody comes in twice',
    route: 'POST /events/{id}/check-in',
    as: 'key',
    params: own,
    body: { token: '{{ticketToken}}', gate: 'South' },
    status: 409,
    checks: { 'the code says so': "body.code === 'already_checked_in'" },
  },
  {
    name: 'Give the other seat back',
    route: 'POST /bookings/{id}/cancel',
    as: 'token',
    params: booking,
    body: { items: ['{{otherItem}}'] },
    status: 200,
  },
  {
    name: 'It is offered to who waited',
    route: 'GET /waitlist/{id}',
    as: 'otherToken',
    params: { id: '{{entryId}}' },
    status: 200,
    until: "body.state === 'offered'",
    saves: { offerId: 'body.offer?.bookingId' },
  },
  {
    name: 'Accept the offer',
    route: 'POST /waitlist/{id}/accept',
    as: 'otherToken',
    params: { id: '{{entryId}}' },
    status: 200,
    checks: { 'it is a hold': "body.status === 'held'" },
  },
  {
    name: 'Pay for it',
    route: 'POST /bookings/{id}/checkout',
    as: 'otherToken',
    params: { id: '{{offerId}}' },
    body: card('4242424242424242'),
    status: 200,
    checks: { 'it is confirmed': "body.status === 'confirmed'" },
  },
];

const EVENING: PostmanStep[] = [
  {
    name: 'How many are sold',
    route: 'GET /events/{id}/seats',
    params: own,
    status: 200,
    checks: { 'both seats': 'body.sections.reduce((sum, { booked }) => sum + booked, 0) === 2' },
  },
  {
    name: 'How many are in',
    route: 'GET /events/{id}/check-in',
    as: 'key',
    params: own,
    status: 200,
  },
  {
    name: 'Call the event off',
    route: 'POST /events/{id}/cancel',
    as: 'key',
    params: own,
    body: { reason: 'The author is ill.' },
    status: 200,
    checks: { 'it is cancelled': "body.status === 'cancelled'" },
  },
  {
    name: 'Everybody gets the money back',
    route: 'GET /events/{id}/cancellation',
    as: 'key',
    params: own,
    status: 200,
    until: "body.state === 'completed'",
    checks: { 'nothing was refused': 'body.bookings.refused === 0' },
  },
  {
    name: 'People are told',
    route: 'GET /notifications',
    as: 'otherToken',
    status: 200,
    until: 'body.data.length > 0',
    checks: { 'there is something to read': 'body.data.length > 0' },
  },
  {
    name: 'End the session of the customer',
    route: 'DELETE /buyer-sessions/{id}',
    as: 'key',
    params: { id: '{{sessionId}}' },
    status: 204,
  },
  {
    name: 'The token is worth nothing any more',
    route: 'GET /bookings',
    as: 'token',
    status: 401,
    checks: { 'the code says so': "body.code === 'token_revoked'" },
  },
];

/** In this order: each folder uses what those before it have made. */
export const FOLDERS: Record<string, readonly PostmanStep[]> = {
  'A shop sells a seat': SHOP,
  'An organizer makes an event': ORGANIZER,
  'The last seats, and those who wait': LAST_SEATS,
  'The evening, and an event called off': EVENING,
};
