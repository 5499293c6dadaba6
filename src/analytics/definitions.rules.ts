/**
 * Meaning of each number: served with the number, and printed in docs/ANALYTICS.md. A number whose meaning changes gets
 * another name.
 */
export const DEFINITIONS = {
  holds: 'Bookings made in the period: seats or places held, offers of the waitlist included.',
  open: 'Number of these holds that are still held or being paid.',
  released: 'Number of these holds that were released by the buyer or by the end of the event.',
  expired: 'Number of these holds that expired.',
  uncaptured:
    'Number of these holds that were confirmed, but whose money the payment provider then refused to capture.',
  orders: 'Number of these holds that were paid, or confirmed free of charge. Cancelled ones stay orders.',
  conversion: 'orders / holds; null without holds.',
  tickets: 'Seats and places of these orders. Cancelled ones stay counted.',
  cancelled: 'Number of these tickets that were given back since, at any time.',
  cancellationRate: 'cancelled / tickets; null without tickets.',
  gross: 'Payments captured for bookings made in the period, in minor units of the currency.',
  refunded:
    'Money paid back in the period, whenever the booking was made: for cancellations and as goodwill.',
  net: 'gross - refunded. Negative when more was paid back in the period than sold.',
  returned: 'Tickets given back in the period, whenever they were sold.',
  refunds:
    'Refunds completed in the period, also those of nothing because the ticket was free or the refund policy says so.',
  cause:
    'Who wanted the refund: buyer, organizer, event (everybody, because it was cancelled), goodwill (money back, tickets kept).',
  joined: 'Entries that joined the waitlist in the period.',
  wanted: 'Seats and places that these entries asked for.',
  offered: 'Number of these entries that got an offer.',
  accepted: 'Number of these entries that accepted their offer.',
  declined: 'Number of these entries that declined their offer.',
  missed: 'Number of these entries whose offer expired.',
  gone: 'Number of these entries that left the line without an offer.',
  closed: 'Number of these entries that ended with the sale or the event.',
  waiting: 'Number of these entries that are still in the line or have an open offer.',
  capacity: 'Seats and places of the plan.',
  blocked: 'Seats that are taken out of the sale now.',
  sellable: 'capacity - blocked.',
  valid:
    'Tickets that are good now: all that were ever sold less those given back. The period makes no difference.',
  utilization: 'valid / sellable; null when nothing is sellable.',
  soldOutAt:
    'The minute (UTC) in which valid first reached what is sellable now. A ticket counts from the hold that led to it, a returned one until its return. Null when that never happened.',
  minutesToSellOut: 'Minutes from the beginning of the sale to soldOutAt; 0: within the first minute.',
} as const;

export type Defined = keyof typeof DEFINITIONS;

export const COUNTED = [
  'holds',
  'open',
  'released',
  'expired',
  'uncaptured',
  'orders',
  'conversion',
  'tickets',
  'cancelled',
  'cancellationRate',
  'returned',
  'refunds',
] as const satisfies Defined[];
export const MONEY = ['gross', 'refunded', 'net'] as const satisfies Defined[];
export const WAITED = [
  'joined',
  'wanted',
  'offered',
  'accepted',
  'declined',
  'missed',
  'gone',
  'closed',
  'waiting',
] as const satisfies Defined[];
export const PLACED = [
  'capacity',
  'blocked',
  'sellable',
  'valid',
  'utilization',
] as const satisfies Defined[];

export const define = (names: readonly Defined[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, DEFINITIONS[name]]));

/** As docs/ANALYTICS.md has them. */
export const definitionsTable = (): string =>
  [
    '| number | what it is |',
    '| --- | --- |',
    ...Object.entries(DEFINITIONS).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`),
  ].join('\n');
