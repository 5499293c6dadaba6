import { DomainError } from '../common/domain-error.js';

/** Without any administrator nobody could make one. Errors: `last_admin` (409). */
export function assertAdminLeft(admins: readonly string[], leaving: string): void {
  if (admins.length === 1 && admins[0] === leaving) throw new DomainError('last_admin');
}
