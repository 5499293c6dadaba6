import type { Schemas } from '../api.js';

type About = NonNullable<Schemas['Act']['about']>;

/** Acts of the audit log by what the API calls them, with the text for each, and what it is about where the text says so. */
export const DEEDS = {
  'POST /events': ['createdEvent'],
  'PATCH /events/{id}': ['changedEvent', 'event'],
  'DELETE /events/{id}': ['deletedEvent'],
  'PUT /events/{id}/price-tiers': ['setPrices', 'event'],
  'POST /events/{id}/publish': ['published', 'event'],
  'POST /events/{id}/pause': ['pausedSale', 'event'],
  'POST /events/{id}/resume': ['resumedSale', 'event'],
  'POST /events/{id}/cancel': ['cancelledEvent', 'event'],
  'POST /events/{id}/seats/block': ['blocked', 'event'],
  'POST /events/{id}/seats/unblock': ['unblocked', 'event'],
  'POST /events/{id}/check-in': ['checkedIn', 'event'],
  'POST /events/{id}/check-in/undo': ['undidCheckIn', 'event'],
  'POST /events/{id}/holds': ['held', 'event'],
  'POST /bookings/{id}/checkout': ['paid', 'event'],
  'POST /bookings/{id}/extend': ['extended', 'event'],
  'DELETE /bookings/{id}': ['released', 'event'],
  'POST /bookings/{id}/cancel': ['cancelledTickets', 'event'],
  'POST /venues': ['createdVenue'],
  'PATCH /venues/{id}': ['changedVenue', 'venue'],
  'DELETE /venues/{id}': ['deletedVenue'],
  'POST /venues/{id}/seating-plans': ['importedPlan', 'venue'],
  'POST /payments/{id}/refund': ['refunded', 'event'],
  'POST /webhooks': ['createdWebhook'],
  'PATCH /webhooks/{id}': ['changedWebhook'],
  'DELETE /webhooks/{id}': ['deletedWebhook'],
  'POST /webhooks/{id}/secret': ['changedSecret'],
  'POST /webhooks/{id}/ping': ['testedWebhook'],
  'POST /webhooks/{id}/replay': ['replayed'],
  'POST /webhooks/{id}/deliveries/{delivery}/replay': ['replayed'],
  'POST /organisations': ['foundedOrganisation'],
  'PATCH /organisations/{id}': ['changedOrganisation'],
  'PUT /organisations/{id}/house/settings': ['changedOwnHouse'],
  'PUT /organisations/{id}/house/settings/logo': ['setOwnLogo'],
  'DELETE /organisations/{id}/house/settings/logo': ['removedOwnLogo'],
  'POST /organisations/{id}/leave': ['leftOrganisation'],
  'POST /organisations/{id}/invitations': ['invited'],
  'DELETE /organisations/{id}/invitations/{invitation}': ['withdrewInvitation'],
  'POST /invitations/accept': ['joined'],
  'PUT /organisations/{id}/members/{member}': ['changedRights', 'account'],
  'DELETE /organisations/{id}/members/{member}': ['removedMember', 'account'],
  'POST /organisations/{id}/ownership': ['offeredOwnership', 'account'],
  'POST /organisations/{id}/ownership/accept': ['becameOwner'],
  'POST /organisations/{id}/keys': ['madeKey'],
  'POST /organisations/{id}/keys/{key}/rotate': ['rotatedKey', 'key'],
  'DELETE /organisations/{id}/keys/{key}': ['endedKey', 'key'],
  'POST /events/{id}/buyer-sessions': ['openedSale', 'event'],
  'DELETE /buyer-sessions/{id}': ['endedSale'],
  'GET /customers/{id}/export': ['exportedCustomer'],
  'DELETE /customers/{id}': ['erasedCustomer'],
  'GET /admin/users/{id}': ['sawAccount', 'account'],
  'GET /admin/users/{id}/bookings': ['sawBookings', 'account'],
  'PATCH /admin/users/{id}': ['assignedRole', 'account'],
  'POST /admin/users/{id}/lock': ['locked', 'account'],
  'POST /admin/users/{id}/unlock': ['unlocked', 'account'],
  'POST /admin/outbox/parked/retry': ['retriedStream'],
  'POST /admin/sagas/{id}/retry': ['retriedJob', 'event'],
  'GET /admin/mails': ['sawMails'],
  'GET /admin/mails/{id}/preview': ['sawMail'],
  'POST /admin/mails/{id}/retry': ['retriedMail'],
  'POST /admin/mails/{id}/repeat': ['repeatedMail'],
  'POST /admin/refunds/{id}/settle': ['settled', 'event'],
  'POST /admin/payments/compare': ['compared'],
  'POST /admin/payments/discrepancies/{id}/resolve': ['resolved'],
  'POST /admin/demo/rush': ['sentRobots'],
  'PUT /admin/house': ['changedHouse'],
  'PUT /admin/house/logo': ['setLogo'],
  'DELETE /admin/house/logo': ['removedLogo'],
  'PATCH /auth/me': ['changedAccount'],
  'POST /auth/logout': ['loggedOut'],
  'npm run admin -- create': ['createdAdmin'],
} as const satisfies Record<string, readonly [text: string, about?: About['kind']]>;

type Action = keyof typeof DEEDS;

export const isDeed = (action: string): action is Action => action in DEEDS;

const PAGES: Partial<Record<About['kind'], string>> = {
  event: '/desk/events/',
  venue: '/desk/venues/',
  account: '/operator/users/',
};

/** Address of the page about the object of an act; undefined for somebody who was erased, and for keys. */
export const pageOf = ({ kind, id, name }: About): string | undefined =>
  name !== null && PAGES[kind] ? PAGES[kind] + id : undefined;
