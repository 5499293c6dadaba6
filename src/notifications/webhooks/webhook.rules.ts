import { createHmac } from 'node:crypto';

/** Families of facts that organizers can subscribe to: about their events, and about bookings from the payment on. */
export const TOLD_FAMILIES = [
  'booking',
  'event',
  'payment',
  'refund',
  'seats',
  'ticket',
  'waitlist',
] as const;

/** Kinds that webhooks never get: holds come and go by thousands a second, and the seat feed has them. */
const UNTOLD = [
  'booking.held',
  'booking.extended',
  'booking.released',
  'booking.expired',
  'booking.accepted',
];

/** `booking.confirmed`, or a family: `booking.*`. */
export const isToldFact = (pattern: string): boolean => {
  const [family, kind, ...rest] = pattern.split('.');
  return (
    TOLD_FAMILIES.some((known) => known === family) &&
    rest.length === 0 &&
    !UNTOLD.includes(pattern) &&
    kind !== undefined &&
    (kind === '*' || /^[a-z_]{1,40}$/.test(kind))
  );
};

export const SECRET_BYTES = 32;
const PREFIX = 'whsec_';

/** The secret as receivers get it, once. */
export const formatSecret = (secret: Buffer): string => PREFIX + secret.toString('base64');

/**
 * Headers of a message after the Standard Webhooks specification: HMAC-SHA256 over `id.timestamp.body`, one signature
 * for each secret that is valid now, so that a receiver can change to a new one without losing any.
 * @param at seconds since 1970
 */
export function signedHeaders(id: string, at: number, body: string, secrets: readonly Buffer[]) {
  const signatures = secrets.map((secret) =>
    createHmac('sha256', secret).update(`${id}.${at}.${body}`).digest('base64'),
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': String(at),
    'webhook-signature': signatures.map((signature) => `v1,${signature}`).join(' '),
  };
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** Seconds after each failure; after the last a delivery counts as failed: 32 hours in all. */
const PAUSES = [5, 30, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR];

/** Seconds until the next attempt after `attempts` failed ones; undefined when there is none. */
export const pauseAfter = (attempts: number): number | undefined => PAUSES[attempts - 1];

/** Days without an accepted message, after which an endpoint is switched off. */
export const DISABLED_AFTER_DAYS = 3;
