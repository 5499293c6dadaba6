import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { UsersRepository } from '../accounts/users.repository.js';
import { IdentitiesRepository } from '../factors/identities.repository.js';
import { PasskeysRepository } from '../passkeys/passkeys.repository.js';
import { IdentityProvidersRepository } from './identity-providers.repository.js';

/** A person's own links to other providers. */
@Injectable()
export class IdentitiesService {
  constructor(
    private readonly database: DatabaseService,
    private readonly identities: IdentitiesRepository,
    private readonly providers: IdentityProvidersRepository,
    private readonly users: UsersRepository,
    private readonly passkeys: PasskeysRepository,
  ) {}

  async list({ id }: Principal) {
    const linked = await this.identities.of(id);
    const named = await this.providers.named(linked.map(({ providerId }) => providerId));
    const names = new Map(named.map((one) => [one.id, one.name]));
    const data = linked.map(({ id, providerId, linkedAt, lastUsedAt }) => ({
      id,
      provider: providerId,
      name: names.get(providerId) ?? '',
      linkedAt,
      lastUsedAt,
    }));
    return { data };
  }

  /** Errors: `not_found`, `last_way_in` (409) for the last way to log in. */
  async unlink({ id: userId }: Principal, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      // Locked, so that of two ways in that are given up at once one stays.
      const passkeys = await this.passkeys.lock(tx, userId);
      const user = await this.users.lock(tx, userId);
      if (!(await this.identities.delete(tx, userId, id)))
        throw new DomainError('not_found', { detail: 'There is no such link of yours.' });
      const others = passkeys.length + (await this.identities.count(tx, userId));
      if (user?.passwordHash === null && others === 0)
        throw new DomainError('last_way_in', { detail: 'Set a password first, by a mail to your address.' });
    });
  }
}
