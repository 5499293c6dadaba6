import type { Namespace, Socket } from 'socket.io';
import { z } from 'zod';
import { salesNumbers } from '../analytics/analytics.schemas.js';
import { position, seatChanges, seatStates } from '../inventory/seat-map/seats.schemas.js';
import { notificationBody } from '../notifications/notifications/notifications.schemas.js';
import type { Principal } from '../platform/access/principal.js';
import { instant, uuid } from '../platform/common/schemas.js';

const EVENT_ID = '019ab0c0-0000-7000-8000-000000000003';
const eventId = uuid.describe('The event (performance)');

const watchRequest = z
  .strictObject({ eventId, since: position.since.optional(), epoch: position.epoch })
  .meta({ id: 'WatchRequest', example: { eventId: EVENT_ID, since: 4711, epoch: '5e0c1b7a9f42' } });
export type WatchRequest = z.infer<typeof watchRequest>;

const unwatchRequest = z
  .strictObject({ eventId })
  .meta({ id: 'UnwatchRequest', example: { eventId: EVENT_ID } });
export type UnwatchRequest = z.infer<typeof unwatchRequest>;

const watchSalesRequest = z
  .strictObject({ eventId })
  .meta({ id: 'WatchSalesRequest', example: { eventId: EVENT_ID } });
export type WatchSalesRequest = z.infer<typeof watchSalesRequest>;

const authenticateRequest = z
  .strictObject({ token: z.string().min(1).max(4096) })
  .meta({ id: 'AuthenticateRequest', example: { token: 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl' } });
export type AuthenticateRequest = z.infer<typeof authenticateRequest>;

const refusal = z
  .object({
    error: z.looseObject({
      code: z.string(),
      title: z.string(),
      status: z.int(),
      detail: z.string().optional(),
    }),
  })
  .meta({
    id: 'Refusal',
    description: 'A problem document (RFC 9457) as over HTTP',
    example: {
      error: {
        type: '/docs/errors#event_not_on_sale',
        title: 'The event is not on sale',
        status: 409,
        code: 'event_not_on_sale',
      },
    },
  });

const done = z.object({ ok: z.literal(true) }).meta({ id: 'Done', example: { ok: true } });
const watchAnswer = z
  .union([
    z.object({ ok: z.literal(true), snapshot: seatStates }),
    z.object({ ok: z.literal(true), changes: seatChanges }),
    refusal,
  ])
  .meta({ id: 'WatchAnswer', example: { ok: true, changes: seatChanges.meta()!.example } });
export type WatchAnswer = z.infer<typeof watchAnswer>;
const watchSalesAnswer = z
  .union([z.object({ ok: z.literal(true), sales: salesNumbers }), refusal])
  .meta({ id: 'WatchSalesAnswer', example: { ok: true, sales: salesNumbers.meta()!.example } });
export type WatchSalesAnswer = z.infer<typeof watchSalesAnswer>;
const answer = z.union([done, refusal]).meta({ id: 'Answer', example: { ok: true } });
export type Answer = z.infer<typeof answer>;

const seatsReset = z
  .object({ eventId, epoch: z.string() })
  .meta({ id: 'SeatsReset', example: { eventId: EVENT_ID, epoch: '0b5d77e1c3aa' } });
const bookingChanged = z
  .object({
    id: uuid,
    eventId,
    code: z.string(),
    status: z.enum(['held', 'paying', 'confirmed', 'released', 'expired', 'cancelling', 'cancelled']),
    expiresAt: instant.nullable().describe('Deadline of a hold or a payment; null in any other status'),
  })
  .meta({
    id: 'BookingChanged',
    example: {
      id: '019ab0c0-0000-7000-8000-000000000004',
      eventId: EVENT_ID,
      code: 'K7RM-2XQF',
      status: 'held',
      expiresAt: '2027-08-01T10:10:00.000Z',
    },
  });
const waitlistOffer = z
  .object({
    entryId: uuid.describe('Your entry in the line'),
    eventId,
    bookingId: uuid.describe('The hold that is offered'),
    quantity: z.int().min(1),
    expiresAt: instant.describe('Accept or pay it before'),
  })
  .meta({
    id: 'WaitlistOffer',
    example: {
      entryId: '019ab0c0-0000-7000-8000-000000000005',
      eventId: EVENT_ID,
      bookingId: '019ab0c0-0000-7000-8000-000000000004',
      quantity: 2,
      expiresAt: '2027-08-01T10:15:00.000Z',
    },
  });
const notification = z
  .object({
    ...notificationBody.shape,
    unread: z.int().describe('How many there are unread now, with this one'),
  })
  .meta({ id: 'LiveNotification', example: { ...notificationBody.meta()!.example!, unread: 1 } });
const rightsChanged = z
  .object({ organisationId: uuid.describe('The organisation in which your rights are others now') })
  .meta({ id: 'RightsChanged', example: { organisationId: '019ab0c0-0000-7000-8000-000000000006' } });
const sessionEnded = z
  .object({ code: z.enum(['token_expired', 'token_revoked', 'token_invalid']) })
  .meta({ id: 'SessionEnded', example: { code: 'token_expired' } });
const serverClosing = z
  .object({ code: z.literal('shutting_down') })
  .meta({ id: 'ServerClosing', example: { code: 'shutting_down' } });

/** Parts of several messages. */
export const shared = [done, refusal];

/** Messages from clients; each is acknowledged with its answer. */
export const fromClients = {
  watch: {
    summary: 'Follow the seats of an event',
    description:
      'With since and epoch the answer has the changes after it where they are still known, else a snapshot. Frames follow without a gap.',
    payload: watchRequest,
    answer: watchAnswer,
  },
  unwatch: { summary: 'Stop following an event', payload: unwatchRequest, answer },
  'watch.sales': {
    summary: 'Follow the numbers of an event of yours',
    description: 'For organizers and administrators. GET /analytics/events/{id} explains each number.',
    payload: watchSalesRequest,
    answer: watchSalesAnswer,
  },
  'unwatch.sales': { summary: 'Stop following the numbers of an event', payload: unwatchRequest, answer },
  authenticate: {
    summary: 'Hand in a new access token, or a first one',
    description:
      'Also the token of a buyer session, from a page of its origin: news of its bookings for its event follow, and no other event can be watched.',
    payload: authenticateRequest,
    answer,
  },
} as const;

/** Messages from the server. */
export const fromServer = {
  'seats.changed': {
    summary: 'Changes, in one frame per event and tick',
    description:
      'With `mine` the last seq you have: `to <= mine` ignore; `from <= mine < to` apply, then mine = to; `from > mine` is a gap: watch again with since. Ignore frames of another epoch.',
    payload: seatChanges,
  },
  'seats.snapshot': {
    summary: 'The whole state, after this connection could not keep up with the changes',
    payload: seatStates,
  },
  'seats.reset': {
    summary: 'The history that seq counts in has ended: watch again without since',
    payload: seatsReset,
  },
  'sales.changed': {
    summary: 'The numbers of an event whose sales you watch, once a second at most',
    payload: salesNumbers,
  },
  'booking.changed': {
    summary: 'A booking of yours is in another status, or has another deadline',
    payload: bookingChanged,
  },
  'waitlist.offer': {
    summary: 'Seats that you waited for are held for you',
    payload: waitlistOffer,
  },
  notification: {
    summary: 'You are told something; the list at GET /notifications has it too',
    payload: notification,
  },
  'rights.changed': {
    summary: 'What you may do in an organisation has changed, or whether you belong to it',
    description: 'GET /organisations says how it stands now.',
    payload: rightsChanged,
  },
  'session.ended': {
    summary: 'Your token is not good any more',
    description:
      'Expired: the public feed goes on, `authenticate` brings back the rest. Revoked: the server hangs up.',
    payload: sessionEnded,
  },
  'server.closing': {
    summary: 'This replica is going away; connect again and watch with since',
    payload: serverClosing,
  },
} as const;

type Sent = typeof fromServer;
type Received = typeof fromClients;
export type ServerMessage = keyof Sent;
export type Payload<K extends ServerMessage> = z.infer<Sent[K]['payload']>;
export type ServerMessages = { [K in ServerMessage]: (payload: Payload<K>) => void };
export type ClientMessages = {
  [K in keyof Received]: (
    payload: z.infer<Received[K]['payload']>,
    ack: (answer: z.infer<Received[K]['answer']>) => void,
  ) => void;
};

/** Person behind a socket; nobody as long as no token was sent. */
export interface SocketData {
  token?: string;
  principal?: Principal;
}

type NoMessages = Record<string, never>;
export type LiveSocket = Socket<ClientMessages, ServerMessages, NoMessages, SocketData>;
export type LiveNamespace = Namespace<ClientMessages, ServerMessages, NoMessages, SocketData>;
