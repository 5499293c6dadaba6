import type { RolesService } from '../../auth/accounts/roles.service.js';
import type { PreferencesService } from '../../notifications/notifications/preferences.service.js';
import type { Principal } from '../../platform/access/principal.js';

/** As many as the robots of a rush. */
export const GUESTS = 200;
const DOMAIN = '@guests.evently.test';

export const asUser = (id: string): Principal => ({ id, role: 'user', sessionId: '', locale: 'en' });

const emailOf = (no: number) => `guest-${no}${DOMAIN}`;

/** The people who fill the halls of the demo. Nobody can log in as them, and nobody writes to them. */
export async function makeGuests(roles: RolesService, preferences: PreferencesService): Promise<void> {
  const { data } = await roles.list({ q: DOMAIN, limit: GUESTS });
  const known = new Set(data.map(({ email }) => email));
  const missing = Array.from({ length: GUESTS }, (_, i) => i + 1)
    .map((no) => ({ email: emailOf(no), name: `Demo guest ${no}` }))
    .filter(({ email }) => !known.has(email));
  if (missing.length > 0) await preferences.stopMails(await roles.createWithoutLogin(missing));
}

export async function guestsOf(roles: RolesService): Promise<Principal[]> {
  const { data } = await roles.list({ q: DOMAIN, limit: GUESTS });
  return data.map(({ id }) => asUser(id));
}
