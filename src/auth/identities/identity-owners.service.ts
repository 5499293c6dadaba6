import { Injectable } from '@nestjs/common';
import { violatedConstraint } from '../../platform/common/database-errors.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { newId } from '../../platform/common/ids.js';
import type { Locale } from '../../platform/common/locale.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { MailService } from '../../platform/mail/mail.service.js';
import type { LivingUser } from '../accounts/account.js';
import { UsersRepository } from '../accounts/users.repository.js';
import { IdentitiesRepository } from '../factors/identities.repository.js';
import { SecondFactorsService } from '../factors/second-factors.service.js';
import type { LoginMethod } from '../tokens/login-methods.js';
import { SessionsService } from '../tokens/sessions.service.js';
import { isRenewed } from './identity.rules.js';
import type { IdentityProvider } from './identity-providers.repository.js';
import type { Proved } from './oidc.client.js';

/** Session that has begun a way to a provider. */
interface Beginner {
  readonly id: string;
  readonly sessionId: string;
}

/**
 * Finds the account of somebody whom a provider has proved: by issuer and subject, and never by the address, which
 * others may have registered before, or may have at another provider.
 */
@Injectable()
export class IdentityOwnersService {
  constructor(
    private readonly database: DatabaseService,
    private readonly identities: IdentitiesRepository,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsService,
    private readonly factors: SecondFactorsService,
    private readonly mail: MailService,
  ) {}

  /**
   * The linked account, or a new one when nobody has the address, which the provider must have verified.
   * Errors: `identity_email_unverified`, `identity_not_for_admins` (403), `identity_email_taken` (409).
   */
  async ownerOf(provider: IdentityProvider, proved: Proved, locale: Locale): Promise<LivingUser> {
    const known = await this.linked(proved);
    if (!known) return this.register(provider, proved, locale);
    assertMayUse(known.user, provider);
    await this.identities.used(known.id);
    return known.user;
  }

  /**
   * How strong the login counts. An organisation's provider is not believed about the second factor of somebody who has
   * one of their own, which protects more than that organisation.
   */
  async methodFor(userId: string, provider: IdentityProvider, { method }: Proved): Promise<LoginMethod> {
    const believed = provider.organisationId === null || !(await this.factors.isOn(userId));
    return believed ? method : 'identity';
  }

  /** Errors: `email_not_verified` (403). */
  async assertLinkable(userId: string): Promise<LivingUser> {
    const user = await this.users.find(userId);
    if (!user?.emailVerifiedAt) throw new DomainError('email_not_verified');
    return user;
  }

  /**
   * Links it to the account of the session; nothing happens when it is linked already.
   * Errors: `token_revoked`, `email_not_verified`, `identity_not_for_admins`, `identity_linked_elsewhere` (409).
   */
  async link(beginner: Beginner, provider: IdentityProvider, proved: Proved): Promise<void> {
    await this.assertLive(beginner);
    const user = await this.assertLinkable(beginner.id);
    assertMayUse(user, provider);
    const known = await this.linked(proved);
    if (known && known.user.id !== user.id) throw new DomainError('identity_linked_elsewhere');
    if (known) return;
    const { issuer, subject } = proved;
    await this.database.transaction(async (tx) => {
      await this.identities.insert(tx, {
        id: newId(),
        userId: user.id,
        providerId: provider.id,
        issuer,
        subject,
      });
      const data = { name: provider.name };
      await this.mail.queue(tx, { kind: 'account.identity_linked', userId: user.id, data });
    });
  }

  /**
   * Counts as a proof of who somebody is, if they have just logged in there.
   * @param sinceMs when it was asked for
   * Errors: `identity_not_linked`, `identity_not_renewed` (403), `token_revoked`.
   */
  async prove(
    beginner: Beginner,
    provider: IdentityProvider,
    proved: Proved,
    sinceMs: number,
  ): Promise<void> {
    const known = await this.linked(proved);
    if (known?.user.id !== beginner.id) throw new DomainError('identity_not_linked');
    assertMayUse(known.user, provider);
    if (!isRenewed(proved.claims, sinceMs)) throw new DomainError('identity_not_renewed');
    await this.sessions.prove(beginner.sessionId, await this.methodFor(beginner.id, provider, proved));
    await this.identities.used(known.id);
  }

  private async linked(proved: Proved): Promise<{ id: string; user: LivingUser } | undefined> {
    const identity = await this.identities.find(proved);
    const user = identity && (await this.users.find(identity.userId));
    return user ? { id: identity.id, user } : undefined;
  }

  private async register(provider: IdentityProvider, proved: Proved, locale: Locale): Promise<LivingUser> {
    const { email, name } = await proved.profile();
    if (email === undefined) throw new DomainError('identity_email_unverified');
    const id = newId();
    const { issuer, subject } = proved;
    // An organisation's provider could call any address verified: its owner has to answer a mail as well.
    const believed = provider.organisationId === null;
    const emailVerifiedAt = believed ? new Date() : null;
    try {
      await this.database.transaction(async (tx) => {
        await this.users.insert(tx, {
          id,
          email,
          name,
          passwordHash: null,
          role: 'user',
          locale,
          emailVerifiedAt,
        });
        await this.identities.insert(tx, {
          id: newId(),
          userId: id,
          providerId: provider.id,
          issuer,
          subject,
        });
        if (!believed) await this.mail.queue(tx, { kind: 'account.verify', userId: id, data: {} });
      });
    } catch (thrown) {
      // The same person came back twice at once: both are in the account that one of them made.
      const other = violatedConstraint(thrown) && (await this.linked(proved));
      if (other) return other.user;
      if (violatedConstraint(thrown) === 'app_user_email') throw new DomainError('identity_email_taken');
      throw thrown;
    }
    return (await this.users.find(id))!;
  }

  private async assertLive({ id, sessionId }: Beginner): Promise<void> {
    const live = await this.sessions.live({ id });
    if (!live.some((session) => session.id === sessionId)) throw new DomainError('token_revoked');
  }
}

/** An organisation must not be able to make itself administrator. Errors: `identity_not_for_admins`. */
function assertMayUse({ role }: LivingUser, { organisationId }: IdentityProvider): void {
  if (organisationId !== null && role === 'admin') throw new DomainError('identity_not_for_admins');
}
