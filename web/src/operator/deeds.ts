/** Acts of the audit log by what the API calls them, with the text for each. */
export const DEEDS = {
  'POST /events': 'createdEvent',
  'PATCH /events/{id}': 'changedEvent',
  'DELETE /events/{id}': 'deletedEvent',
  'PUT /events/{id}/price-tiers': 'setPrices',
  'POST /events/{id}/publish': 'published',
  'POST /events/{id}/pause': 'pausedSale',
  'POST /events/{id}/resume': 'resumedSale',
  'POST /events/{id}/cancel': 'cancelledEvent',
  'POST /events/{id}/seats/block': 'blocked',
  'POST /events/{id}/seats/unblock': 'unblocked',
  'POST /events/{id}/check-in': 'checkedIn',
  'POST /events/{id}/check-in/undo': 'undidCheckIn',
  'POST /venues': 'createdVenue',
  'PATCH /venues/{id}': 'changedVenue',
  'DELETE /venues/{id}': 'deletedVenue',
  'POST /venues/{id}/seating-plans': 'importedPlan',
  'POST /payments/{id}/refund': 'refunded',
  'POST /webhooks': 'createdWebhook',
  'PATCH /webhooks/{id}': 'changedWebhook',
  'DELETE /webhooks/{id}': 'deletedWebhook',
  'POST /webhooks/{id}/secret': 'changedSecret',
  'POST /webhooks/{id}/ping': 'testedWebhook',
  'POST /webhooks/{id}/replay': 'replayed',
  'POST /webhooks/{id}/deliveries/{delivery}/replay': 'replayed',
  'PATCH /admin/users/{id}': 'assignedRole',
  'POST /admin/outbox/parked/retry': 'retriedStream',
  'POST /admin/sagas/{id}/retry': 'retriedJob',
  'POST /admin/mails/{id}/retry': 'retriedMail',
  'POST /admin/refunds/{id}/settle': 'settled',
  'POST /admin/payments/compare': 'compared',
  'POST /admin/payments/discrepancies/{id}/resolve': 'resolved',
  'npm run admin -- create': 'createdAdmin',
} as const;

type Action = keyof typeof DEEDS;

export const isDeed = (action: string): action is Action => action in DEEDS;

/** Address of the page about the object of an act; undefined where there is none, or none any more. */
export function pageOf(action: string, target: string | null): string | undefined {
  if (!target || action.startsWith('DELETE ')) return undefined;
  if (action.includes(' /events/')) return `/desk/events/${target}`;
  if (action.includes(' /venues/')) return `/desk/venues/${target}`;
  return undefined;
}
