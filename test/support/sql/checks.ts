import { bookingChecks } from './bookings.js';
import { holdChecks } from './holds.js';
import { momentChecks } from './moments.js';
import { orderChecks } from './orders.js';
import { platformChecks } from './platform.js';
import type { Check } from './sale.js';
import { seatChecks } from './seats.js';
import { ticketChecks } from './tickets.js';
import { waitlistChecks } from './waitlist.js';

/** The effects of each area's SQL functions, asked of them alone: no server, no HTTP, each in a transaction that is rolled back. */
export const checks: Record<string, readonly Check[]> = {
  holds: holdChecks,
  bookings: bookingChecks,
  waitlist: waitlistChecks,
  orders: orderChecks,
  tickets: ticketChecks,
  seats: seatChecks,
  moments: momentChecks,
  platform: platformChecks,
};
