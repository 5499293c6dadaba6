import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Background } from '../../platform/common/background.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { Tx } from '../../platform/database/tx.js';
import { MailService } from '../../platform/mail/mail.service.js';
import { IdentitiesRepository } from '../factors/identities.repository.js';
import { SecondFactorsService } from '../factors/second-factors.service.js';
import { PasskeysService } from '../passkeys/passkeys.service.js';
import { OneTimeTokensRepository } from '../tokens/one-time-tokens.repository.js';
import { PasswordService } from '../tokens/password.service.js';
import { SessionsService, tokenHash } from '../tokens/sessions.service.js';
import type { Reset } from './accounts.schemas.js';
import { ThrottleService } from './throttle.service.js';
import { UsersRepository } from './users.repository.js';

/** Time in which a mail to choose a new password is useful: later its recipient has asked again or given up. */
const RESET_USEFUL_MS = 3600_000;

/** Actions confirmed by a link in a mail: setting a new password, and proving that a mail address is one's own. */
@Injectable()
export class RecoveryService implements BeforeApplicationShutdown {
  private readonly background = new Background();

  constructor(
    private readonly database: DatabaseService,
    private readonly users: UsersRepository,
    private readonly links: OneTimeTokensRepository,
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordService,
    private readonly throttle: ThrottleService,
    private readonly mail: MailService,
    private readonly identities: IdentitiesRepository,
    private readonly factors: SecondFactorsService,
    private readonly passkeys: PasskeysService,
  ) {}

  /** Works after the answer is sent, so that neither the answer nor its time tells whether the account exists. */
  async forgot(email: string, ip: string): Promise<void> {
    await this.throttle.forgot(ip);
    this.background.run('Password recovery', async () => {
      const user = await this.users.findByEmail(email);
      if (!user || !(await this.mayMail(user.email))) return;
      const usefulUntil = new Date(Date.now() + RESET_USEFUL_MS);
      await this.database.transaction((tx) =>
        this.mail.queue(tx, { kind: 'account.reset', userId: user.id, data: {}, usefulUntil }),
      );
    });
  }

  /**
   * Sets the password, logs out everywhere and makes all other links void. The mail was read, so the address counts as
   * verified too. Until then it was not: somebody else may have made the account, or moved it to this address, so no
   * passkey, second factor or link to another provider of before counts any more. Errors: `link_invalid`, `password_unacceptable` (both 422), `overloaded`.
   */
  async reset({ token, password }: Reset): Promise<void> {
    const hash = tokenHash(token);
    const link = await this.links.find(hash, 'reset');
    const user = link?.userId && (await this.users.find(link.userId));
    if (!user) throw new DomainError('link_invalid');
    this.passwords.assertAcceptable(password, user.email);
    const passwordHash = await this.passwords.hash(password);
    await this.database.transaction(async (tx) => {
      await this.use(tx, hash, 'reset');
      await this.dropLinks(tx, user.id);
      const emailVerifiedAt = user.emailVerifiedAt ?? new Date();
      await this.users.update(tx, user.id, { passwordHash, emailVerifiedAt });
      if (!user.emailVerifiedAt) await this.forgetOtherWays(tx, user.id);
      await this.sessions.endAll(tx, user.id);
      await this.mail.queue(tx, { kind: 'account.password_changed', userId: user.id, data: {} });
    });
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
    await this.database.transaction((tx) =>
      this.mail.queue(tx, { kind: 'account.verify', userId, data: {} }),
    );
  }

  /** Makes links void that this person has been sent, and withdraws mails with links. */
  async dropLinks(tx: Tx, userId: string): Promise<void> {
    await this.links.dropAll(tx, userId);
    await this.mail.withdraw(tx, userId, ['account.verify', 'account.reset']);
  }

  private async forgetOtherWays(tx: Tx, userId: string): Promise<void> {
    await this.identities.deleteAll(tx, userId);
    await this.passkeys.erase(tx, userId);
    await this.factors.erase(tx, userId);
  }

  private async use(tx: Tx, hash: Buffer, purpose: 'reset' | 'verify'): Promise<string> {
    const link = await this.links.use(tx, hash, purpose);
    if (!link?.userId) throw new DomainError('link_invalid');
    return link.userId;
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
