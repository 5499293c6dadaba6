import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { PasswordService } from '../auth/password.service.js';
import { newToken, SessionsService, tokenHash } from '../auth/sessions.service.js';
import { Background } from '../common/background.js';
import { DomainError } from '../common/domain-error.js';
import { CONFIG, type Config } from '../config/config.js';
import { Database } from '../database/database.service.js';
import type { Tx } from '../database/tx.js';
import { MailService } from '../mail/mail.service.js';
import type { LivingUser } from './account.js';
import { passwordChangedMail, resetMail, verifyMail } from './account.mails.js';
import type { Reset } from './accounts.schemas.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';
import { ThrottleService } from './throttle.service.js';
import { UsersRepository } from './users.repository.js';

const RESET_SECONDS = 3600;
const VERIFY_SECONDS = 3 * 24 * 3600;

/** What works by a link in a mail: a new password, and proof that an address is one's own. */
@Injectable()
export class RecoveryService implements BeforeApplicationShutdown {
  private readonly background = new Background();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly users: UsersRepository,
    private readonly links: OneTimeTokensRepository,
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordService,
    private readonly throttle: ThrottleService,
    private readonly mail: MailService,
  ) {}

  /** Everything happens behind the answer, so that neither it nor its time tells whether there is such an account. */
  async forgot(email: string, ip: string): Promise<void> {
    await this.throttle.forgot(ip);
    this.background.run('Password recovery', async () => {
      const user = await this.users.findByEmail(email);
      if (!user || !(await this.mayMail(user.email))) return;
      const token = newToken();
      await this.links.insert(tokenHash(token), user.id, 'reset', RESET_SECONDS);
      this.mail.send(resetMail(user, this.config.publicUrl, token));
    });
  }

  /**
   * Sets the password, logs out everywhere and makes all other links void. The mail was read, so the address counts as
   * verified too. Errors: `link_invalid`, `password_unacceptable` (both 422), `overloaded`.
   */
  async reset({ token, password }: Reset): Promise<void> {
    const hash = tokenHash(token);
    const id = await this.links.owner(hash, 'reset');
    const user = id && (await this.users.find(id));
    if (!user) throw new DomainError('link_invalid');
    this.passwords.assertAcceptable(password, user.email);
    const passwordHash = await this.passwords.hash(password);
    await this.database.transaction(async (tx) => {
      await this.use(tx, hash, 'reset');
      await this.links.dropAll(tx, user.id);
      const emailVerifiedAt = user.emailVerifiedAt ?? new Date();
      await this.users.update(tx, user.id, { passwordHash, emailVerifiedAt });
      await this.sessions.endAll(tx, user.id);
    });
    this.mail.send(passwordChangedMail(user));
  }

  /** Errors: `link_invalid` (422). */
  async verify(token: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const id = await this.use(tx, tokenHash(token), 'verify');
      await this.users.update(tx, id, { emailVerifiedAt: new Date() });
    });
  }

  /** Another verification mail; nothing happens when the address is verified. Errors: `rate_limited`. */
  async resend(userId: string): Promise<void> {
    const user = await this.users.find(userId);
    if (!user || user.emailVerifiedAt) return;
    await this.throttle.mail(user.email);
    this.askToVerify(user);
  }

  /** Sends the link behind the request that calls this. */
  askToVerify(user: Pick<LivingUser, 'id' | 'email' | 'name'>): void {
    this.background.run('Verification mail', async () => {
      const token = newToken();
      await this.links.insert(tokenHash(token), user.id, 'verify', VERIFY_SECONDS);
      this.mail.send(verifyMail(user, this.config.publicUrl, token));
    });
  }

  private async use(tx: Tx, hash: Buffer, purpose: 'reset' | 'verify'): Promise<string> {
    const id = await this.links.use(tx, hash, purpose);
    if (!id) throw new DomainError('link_invalid');
    return id;
  }

  private async mayMail(email: string): Promise<boolean> {
    return this.throttle.mail(email).then(
      () => true,
      () => false,
    );
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.background.drain();
  }
}
