import { Injectable } from '@nestjs/common';
import { DomainError } from '../../platform/common/domain-error.js';
import { newId } from '../../platform/common/ids.js';
import type { Locale } from '../../platform/common/locale.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { MailService } from '../../platform/mail/mail.service.js';
import { PasswordService } from '../tokens/password.service.js';
import { SessionsService, type Tokens } from '../tokens/sessions.service.js';
import { type Account, accountOf, type LivingUser } from './account.js';
import type { Login, Register } from './accounts.schemas.js';
import { ThrottleService } from './throttle.service.js';
import { UsersRepository } from './users.repository.js';

export type LoggedIn = Tokens & { user: Account };

/** Registration and login, which open a session. */
@Injectable()
export class LoginService {
  constructor(
    private readonly database: DatabaseService,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordService,
    private readonly throttle: ThrottleService,
    private readonly mail: MailService,
  ) {}

  /**
   * Makes an account and logs in. The error says openly that an address is taken: people expect to hear that they have
   * an account already, and hiding it would allow no session before the mail was read. The route has a limit.
   * @param accepted language of the request, for those who name none
   * Errors: `email_taken` (409), `password_unacceptable` (422), `overloaded`.
   */
  async register({ email, password, name, locale }: Register, accepted: Locale): Promise<LoggedIn> {
    this.passwords.assertAcceptable(password, email);
    const passwordHash = await this.passwords.hash(password);
    const id = newId();
    const person = { id, email, name, passwordHash, locale: locale ?? accepted };
    await this.database.transaction(async (tx) => {
      await this.users.insert(tx, { ...person, role: 'user', emailVerifiedAt: null });
      await this.mail.queue(tx, { kind: 'account.verify', userId: id, data: {} });
    });
    return this.open(await this.living(id));
  }

  /** Errors: `invalid_credentials`, `account_locked` (both 401), `rate_limited`, `overloaded`. */
  async login({ email, password }: Login, ip: string): Promise<LoggedIn> {
    const account = email.toLowerCase();
    await this.throttle.guess(account, ip);
    const user = await this.users.findByEmail(email);
    const right = await this.passwords.matches(user?.passwordHash, password);
    if (!user || !right) throw new DomainError('invalid_credentials');
    await this.throttle.guessedRight(account, ip);
    // Told to those only who know the password.
    if (user.lockedAt) throw new DomainError('account_locked');
    return this.open(user);
  }

  /** Errors: see `SessionsService.refresh`. */
  async refresh(refreshToken: string): Promise<LoggedIn> {
    const { userId, tokens } = await this.sessions.refresh(refreshToken);
    return { ...tokens, user: accountOf(await this.living(userId)) };
  }

  private async open(user: LivingUser): Promise<LoggedIn> {
    const tokens = await this.sessions.open(user.id, user.passwordHash);
    if (!tokens) throw new DomainError('invalid_credentials');
    return { ...tokens, user: accountOf(user) };
  }

  private async living(id: string): Promise<LivingUser> {
    const user = await this.users.find(id);
    if (!user) throw new DomainError('token_revoked');
    return user;
  }
}
