import { GrantsService } from '../../src/auth/grants/grants.service.js';
import type { Permission } from '../../src/platform/access/permissions.js';
import { DatabaseService } from '../../src/platform/database/database.service.js';
import type { TestApp } from './app.js';
import type { Person } from './people.js';

interface Rights {
  readonly owner?: boolean;
  readonly permissions?: readonly Permission[];
  /** Absent: all events of the organisation. */
  readonly events?: readonly string[];
}

/** Makes somebody a member with these rights, as accepting an invitation does. */
export async function giveRights(
  app: TestApp,
  organisationId: string,
  { id: userId }: Pick<Person, 'id'>,
  { owner = false, permissions = [], events }: Rights,
): Promise<void> {
  const grants = app.nest.get(GrantsService);
  const standing = {
    organisationId,
    userId,
    owner,
    permissions: [...permissions],
    events: events ? [...events] : null,
  };
  await app.nest.get(DatabaseService).transaction((tx) => grants.put(tx, standing));
}
