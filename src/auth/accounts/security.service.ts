import { Injectable } from '@nestjs/common';
import { HouseService } from '../../house/house.service.js';
import type { Caller } from '../../platform/access/caller.js';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { IdentitiesRepository } from '../factors/identities.repository.js';
import { SecondFactorsService } from '../factors/second-factors.service.js';
import { PasskeyProofsService } from '../passkeys/passkey-proofs.service.js';
import type { AddPasskey } from '../passkeys/passkeys.schemas.js';
import { PasskeysService } from '../passkeys/passkeys.service.js';
import type { LoginMethod } from '../tokens/login-methods.js';
import { PasswordService } from '../tokens/password.service.js';
import { SessionsService } from '../tokens/sessions.service.js';
import type { LivingUser } from './account.js';
import type { StepUpProof } from './accounts.schemas.js';
import { ThrottleService } from './throttle.service.js';
import { UsersRepository } from './users.repository.js';

/** How a person's account is protected, from where it is used, and their proofs during a session. */
@Injectable()
export class SecurityService {
  constructor(
    private readonly database: DatabaseService,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsService,
    private readonly factors: SecondFactorsService,
    private readonly identities: IdentitiesRepository,
    private readonly passkeys: PasskeysService,
    private readonly proofs: PasskeyProofsService,
    private readonly passwords: PasswordService,
    private readonly throttle: ThrottleService,
    private readonly house: HouseService,
  ) {}

  async standing({ id, strong }: Principal) {
    const user = await this.living(id);
    const { on, recoveryCodesLeft } = await this.factors.standing(id);
    const passkeys = await this.passkeys.count(id);
    return {
      password: user.passwordHash !== null,
      secondFactor: on,
      recoveryCodesLeft,
      passkeys,
      strong: strong ?? false,
    };
  }

  async sessionsOf({ id, sessionId }: Principal) {
    const live = await this.sessions.live({ id });
    return { data: live.map((session) => ({ ...session, current: session.id === sessionId })) };
  }

  /**
   * Proves again who somebody is. A passkey is always enough. An account with a second factor is asked for that: a
   * password alone proves less than the login did. @returns an access token
   * Errors: `missing_field`, `wrong_password`, `wrong_code` (403), `rate_limited`, and for passkeys those of
   * `PasskeyProofsService.prove`.
   */
  async stepUp({ id, sessionId }: Principal, { password, code, passkey }: StepUpProof, ip: string) {
    if (passkey) {
      await this.proofs.prove(id, passkey);
      return this.sessions.prove(sessionId, 'passkey');
    }
    const user = await this.living(id);
    return this.sessions.prove(sessionId, await this.methodOf(user, password, code, ip));
  }

  /** Errors: see `PasskeysService.begin`. */
  async beginPasskey({ id }: Principal) {
    const user = await this.living(id);
    const { name } = await this.house.letterhead(user.locale);
    return this.passkeys.begin(user, name);
  }

  /** Errors: see `PasskeysService.add`. */
  addPasskey({ id }: Principal, { name, credential }: AddPasskey, { browser, system }: Caller) {
    const program = [browser, system].filter(Boolean).join(', ');
    return this.passkeys.add(id, credential, name ?? (program || 'Passkey'));
  }

  /** Errors: see `PasskeysService.remove`. */
  async removePasskey({ id }: Principal, passkeyId: string): Promise<void> {
    const { passwordHash } = await this.living(id);
    await this.passkeys.remove(
      id,
      passkeyId,
      async (tx) => passwordHash !== null || (await this.identities.count(tx, id)) > 0,
    );
  }

  /** Errors: `second_factor_on`. */
  async beginSecondFactor({ id }: Principal) {
    const { email, locale } = await this.living(id);
    const { name } = await this.house.letterhead(locale);
    return this.factors.begin(id, name, email);
  }

  /** The session counts as one with two factors from then on, and the access token says so. Errors: see `SecondFactorsService.confirm`. */
  async confirmSecondFactor({ id, sessionId }: Principal, code: string) {
    const recoveryCodes = await this.factors.confirm(id, code);
    return { recoveryCodes, ...(await this.sessions.prove(sessionId, 'totp')) };
  }

  /** Errors: `second_factor_off`. */
  async endSecondFactor({ id }: Principal): Promise<void> {
    await this.database.transaction((tx) => this.factors.end(tx, id));
  }

  private async methodOf(
    user: LivingUser,
    password: string | undefined,
    code: string | undefined,
    ip: string,
  ): Promise<LoginMethod> {
    const strong = await this.factors.isOn(user.id);
    const account = strong ? `second ${user.id}` : user.email.toLowerCase();
    if (strong) {
      if (code === undefined) throw missing('code', 'is needed: the account has a second factor');
      await this.throttle.guess(account, ip);
      const method = await this.factors.check(user.id, code);
      await this.throttle.guessedRight(account, ip);
      return method;
    }
    if (password === undefined) throw missing('password', 'is needed');
    await this.throttle.guess(account, ip);
    if (!(await this.passwords.matches(user.passwordHash ?? undefined, password)))
      throw new DomainError('wrong_password');
    await this.throttle.guessedRight(account, ip);
    return 'password';
  }

  private async living(id: string): Promise<LivingUser> {
    const user = await this.users.find(id);
    if (!user) throw new DomainError('not_found');
    return user;
  }
}

function missing(path: string, message: string): DomainError {
  return new DomainError('missing_field', { detail: `${path} ${message}`, errors: [{ path, message }] });
}
