import { Injectable } from '@nestjs/common';
import { PasswordService } from '../auth/password.service.js';
import type { Role } from '../auth/principal.js';
import { SessionsService } from '../auth/sessions.service.js';
import { DomainError } from '../common/domain-error.js';
import { newId } from '../common/ids.js';
import type { Page } from '../common/schemas.js';
import { Database } from '../database/database.service.js';
import { type Account, accountOf, type LivingUser } from './account.js';
import type { AccountQuery, Register } from './accounts.schemas.js';
import { assertAdminLeft } from './roles.rules.js';
import { UsersRepository } from './users.repository.js';

/** What administrators do with accounts. */
@Injectable()
export class RolesService {
  constructor(
    private readonly database: Database,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordService,
  ) {}

  async list(query: AccountQuery): Promise<Page<Account>> {
    const page = await this.users.page(query);
    return { ...page, data: page.data.map(accountOf) };
  }

  /**
   * Tokens carry the role, so a change of it ends all sessions of the person at once.
   * Errors: `not_found`, `last_admin` (409).
   */
  async assign(id: string, role: Role): Promise<Account> {
    const user = await this.living(id);
    if (user.role !== role) {
      await this.database.transaction(async (tx) => {
        const admins = await this.users.lockAdmins(tx);
        if (role !== 'admin') assertAdminLeft(admins, id);
        await this.users.update(tx, id, { role });
        await this.sessions.endAll(tx, id);
      });
    }
    return accountOf(await this.living(id));
  }

  /** An account with a role from the start, its address taken as verified. Errors: `email_taken`, `password_unacceptable`. */
  async create({ email, password, name, locale }: Register, role: Role): Promise<string> {
    this.passwords.assertAcceptable(password, email);
    const passwordHash = await this.passwords.hash(password);
    const id = newId();
    const account = { id, email, name, passwordHash, role, locale, emailVerifiedAt: new Date() };
    await this.database.transaction((tx) => this.users.insert(tx, account));
    return id;
  }

  private async living(id: string): Promise<LivingUser> {
    const user = await this.users.find(id);
    if (!user) throw new DomainError('not_found');
    return user;
  }
}
