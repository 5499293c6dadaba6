import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Role } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { newId } from '../../platform/common/ids.js';
import type { Page } from '../../platform/common/pages.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { GrantsService } from '../grants/grants.service.js';
import { PasswordService } from '../tokens/password.service.js';
import { SessionsService } from '../tokens/sessions.service.js';
import { type LivingUser, type ManagedAccount, managedAccountOf } from './account.js';
import type { AccountQuery, Register } from './accounts.schemas.js';
import { assertAdminLeft, assertNobodyLeftAlone } from './roles.rules.js';
import { UsersRepository } from './users.repository.js';

/** Administrators' actions on accounts. */
@Injectable()
export class RolesService {
  constructor(
    private readonly database: DatabaseService,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordService,
    private readonly grants: GrantsService,
  ) {}

  async list(query: AccountQuery): Promise<Page<ManagedAccount>> {
    const page = await this.users.page(query);
    return { ...page, data: page.data.map(managedAccountOf) };
  }

  /** An account or a customer. Errors: `not_found`, also when the person was erased. */
  async find(id: string): Promise<ManagedAccount> {
    const user = await this.users.findAnybody(id);
    if (!user) throw new DomainError('not_found');
    return managedAccountOf(user);
  }

  /**
   * Tokens carry the role, so a change of it ends all sessions of the person at once. Organizers and administrators who
   * belong to no organisation get one of their own; a mere user belongs to none.
   * Errors: `not_found`, `last_admin`, `events_on_sale`, `last_owner` (409).
   */
  async assign(id: string, role: Role): Promise<ManagedAccount> {
    const user = await this.living(id);
    if (user.role !== role) {
      await this.database.transaction(async (tx) => {
        const admins = await this.users.lockAdmins(tx);
        if (role !== 'admin') assertAdminLeft(admins, id);
        const owned = role === 'user' ? await this.users.lockOwnedAlone(tx, id) : [];
        await this.users.update(tx, id, { role });
        assertNobodyLeftAlone(await this.users.leftIn(tx, owned));
        await this.sessions.endAll(tx, id);
      });
      await this.grants.reread([id]);
    }
    return this.find(id);
  }

  /**
   * An account with a role from the start, its address taken as verified. Errors: `email_taken`,
   * `password_unacceptable`.
   */
  async create({ email, password, name, locale }: Register, role: Role): Promise<string> {
    this.passwords.assertAcceptable(password, email);
    const passwordHash = await this.passwords.hash(password);
    const id = newId();
    const account = { id, email, name, passwordHash, role, locale, emailVerifiedAt: new Date() };
    await this.database.transaction((tx) => this.users.insert(tx, account));
    await this.grants.reread([id]);
    return id;
  }

  /** Accounts that nobody can log in to, as those of robots; their addresses must be free. @returns their ids */
  async createWithoutLogin(people: readonly Pick<Register, 'email' | 'name'>[]): Promise<string[]> {
    const passwordHash = await this.passwords.hash(randomBytes(32).toString('base64'));
    const rest = { passwordHash, role: 'user', locale: undefined, emailVerifiedAt: null } as const;
    const accounts = people.map(({ email, name }) => ({ id: newId(), email, name, ...rest }));
    await this.database.transaction((tx) => this.users.insert(tx, ...accounts));
    return accounts.map(({ id }) => id);
  }

  private async living(id: string): Promise<LivingUser> {
    const user = await this.users.find(id);
    if (!user) throw new DomainError('not_found');
    return user;
  }
}
