import { DomainError } from '../../platform/common/domain-error.js';

/** Without any administrator nobody could make one. Errors: `last_admin` (409). */
export function assertAdminLeft(admins: readonly string[], leaving: string): void {
  if (admins.length === 1 && admins[0] === leaving) throw new DomainError('last_admin');
}

/**
 * Buyers need somebody who answers for their tickets, and members somebody who can let others in.
 * Errors: `events_on_sale`, `last_owner` (409).
 */
export function assertNobodyLeftAlone({ events, members }: { events: number; members: number }): void {
  if (events > 0)
    throw new DomainError('events_on_sale', {
      detail: `${events === 1 ? 'One event is' : `${events} events are`} on sale: cancel what is on sale, wait until it is over, or hand over the organisation.`,
      extra: { events },
    });
  if (members > 0) throw new DomainError('last_owner');
}
