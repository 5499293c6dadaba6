import { Injectable } from '@nestjs/common';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { FactsService } from '../../platform/facts/facts.service.js';
import { MailService } from '../../platform/mail/mail.service.js';
import { IdentitiesRepository } from '../factors/identities.repository.js';
import { SecondFactorsService } from '../factors/second-factors.service.js';
import { GrantsService } from '../grants/grants.service.js';
import { PasskeysService } from '../passkeys/passkeys.service.js';
import { PasswordService } from '../tokens/password.service.js';
import { SessionsService } from '../tokens/sessions.service.js';
import { type Account, accountOf, type LivingUser } from './account.js';
import type { ChangePassword, EditMe } from './accounts.schemas.js';
import { PersonalDataRepository } from './personal-data.repository.js';
import { RecoveryService } from './recovery.service.js';
import { assertAdminLeft, assertNobodyLeftAlone } from './roles.rules.js';
import { ThrottleService } from './throttle.service.js';
import { UsersRepository } from './users.repository.js';

/** Somebody who gets a mail. */
export interface Addressee extends Pick<Account, 'email' | 'locale'> {
  /** Absent: it is not known. */
  readonly name?: string;
  /** Whether pages that need a login are for them. */
  readonly hasAccount: boolean;
}

/** A person's own account. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly database: DatabaseService,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordService,
    private readonly throttle: ThrottleService,
    private readonly recovery: RecoveryService,
    private readonly mail: MailService,
    private readonly facts: FactsService,
    private readonly personalData: PersonalDataRepository,
    private readonly grants: GrantsService,
    private readonly factors: SecondFactorsService,
    private readonly passkeys: PasskeysService,
    private readonly identities: IdentitiesRepository,
  ) {}

  /** Errors: `not_found`. */
  async find(id: string): Promise<Account> {
    return accountOf(await this.living(id));
  }

  /** Addressee of a mail and the language to write in; undefined when there is nobody any more, or no address. */
  async addressee(id: string): Promise<Addressee | undefined> {
    const user = await this.users.findAnybody(id);
    const email = user && (user.email ?? user.contactEmail);
    if (!email) return undefined;
    const { name, locale, kind } = user;
    return { email, locale, hasAccount: kind === 'account', ...(name !== null && { name }) };
  }

  /** Name of an account or a customer; null when there is none. */
  async nameOf(id: string): Promise<string | null> {
    return (await this.users.findAnybody(id))?.name ?? null;
  }

  /** The living account with this address, if there is one. */
  async findByEmail(email: string): Promise<Pick<Account, 'id'> | undefined> {
    return (await this.users.findByEmail(email)) ?? undefined;
  }

  /** Data kept about a person: the account, open logins, and everything else by table. */
  async export(user: Principal) {
    return {
      account: await this.find(user.id),
      sessions: await this.sessions.live(user),
      records: await this.personalData.all(user.id),
    };
  }

  /**
   * Changing the address needs the password, since a new password can be requested by the address. The new address
   * counts as unverified until its owner answers the mail; the old address gets a notice.
   * Errors: `version_mismatch` (412), `missing_field`, `wrong_password`, `step_up_required` (403), `email_taken` (409),
   * `rate_limited`.
   */
  async edit(
    { id, sessionId }: Principal,
    { name, email, locale, password }: EditMe,
    version: number,
    ip: string,
  ): Promise<Account> {
    const user = await this.living(id);
    const moves = email !== undefined && email !== user.email;
    if (moves) await this.assertIsPerson(user, sessionId, password, ip);
    await this.database.transaction(async (tx) => {
      const changes = { name, locale, ...(moves && { email, emailVerifiedAt: null }) };
      if (!(await this.users.update(tx, id, changes, version))) throw new DomainError('version_mismatch');
      if (!moves) return;
      await this.recovery.dropLinks(tx, id);
      await this.mail.queue(
        tx,
        { kind: 'account.email_changed', userId: id, data: { to: user.email } },
        { kind: 'account.verify', userId: id, data: {} },
      );
    });
    return this.find(id);
  }

  /** The session that asks stays, all others end. Errors: `wrong_password` (403), `password_unacceptable` (422). */
  async changePassword(
    { id, sessionId }: Principal,
    { current, password }: ChangePassword,
    ip: string,
  ): Promise<void> {
    const user = await this.living(id);
    await this.checkPassword(user, current, ip);
    this.passwords.assertAcceptable(password, user.email);
    const passwordHash = await this.passwords.hash(password);
    await this.database.transaction(async (tx) => {
      await this.users.update(tx, id, { passwordHash });
      await this.recovery.dropLinks(tx, id);
      await this.sessions.endAll(tx, id, sessionId);
      await this.mail.queue(tx, { kind: 'account.password_changed', userId: id, data: {} });
    });
  }

  /**
   * Erases the person and ends all sessions and memberships at once.
   * Errors: `missing_field`, `wrong_password`, `step_up_required` (403), `last_admin`, `events_on_sale`, `last_owner` (409).
   */
  async remove({ id, sessionId }: Principal, password: string | undefined, ip: string): Promise<void> {
    const user = await this.living(id);
    await this.assertIsPerson(user, sessionId, password, ip);
    await this.database.transaction(async (tx) => {
      assertAdminLeft(await this.users.lockAdmins(tx), id);
      const owned = await this.users.lockOwnedAlone(tx, id);
      await this.users.erase(tx, id);
      // Looked at once all is locked: publishing waits for these locks, or they have waited for publishing.
      assertNobodyLeftAlone(await this.users.leftIn(tx, owned));
      await this.recovery.dropLinks(tx, id);
      await this.factors.erase(tx, id);
      await this.passkeys.erase(tx, id);
      await this.identities.deleteAll(tx, id);
      await this.mail.forgetPerson(tx, user);
      await this.sessions.endAll(tx, id);
      await this.facts.append(tx, { stream: 'account', streamId: id, type: 'account.erased', data: {} });
    });
    await this.grants.reread([id]);
  }

  /** Asks for the password, or for a proof of the last minutes where the account has none. */
  private async assertIsPerson(
    user: LivingUser,
    sessionId: string,
    password: string | undefined,
    ip: string,
  ): Promise<void> {
    if (user.passwordHash === null) await this.sessions.assertProved({ sessionId });
    else await this.checkPassword(user, requiredPassword(password), ip);
  }

  private async checkPassword(user: LivingUser, password: string, ip: string): Promise<void> {
    const account = user.email.toLowerCase();
    await this.throttle.guess(account, ip);
    if (!(await this.passwords.matches(user.passwordHash, password))) throw new DomainError('wrong_password');
    await this.throttle.guessedRight(account, ip);
  }

  private async living(id: string): Promise<LivingUser> {
    const user = await this.users.find(id);
    if (!user) throw new DomainError('not_found');
    return user;
  }
}

function requiredPassword(password: string | undefined): string {
  if (password !== undefined) return password;
  const message = 'is needed for this';
  throw new DomainError('missing_field', {
    detail: `password ${message}`,
    errors: [{ path: 'password', message }],
  });
}
