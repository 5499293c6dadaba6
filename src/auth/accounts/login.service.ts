import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../platform/access/caller.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { newId } from '../../platform/common/ids.js';
import type { Locale } from '../../platform/common/locale.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { MailService } from '../../platform/mail/mail.service.js';
import { SecondFactorsService } from '../factors/second-factors.service.js';
import { PasskeyProofsService } from '../passkeys/passkey-proofs.service.js';
import { isStrong, type LoginMethod } from '../tokens/login-methods.js';
import { OneTimeTokensRepository } from '../tokens/one-time-tokens.repository.js';
import { PasswordService } from '../tokens/password.service.js';
import { newToken, SessionsService, type Tokens, tokenHash } from '../tokens/sessions.service.js';
import { type Account, accountOf, type LivingUser } from './account.js';
import type { Login, PasskeyLogin, Register, SecondStep } from './accounts.schemas.js';
import { ThrottleService } from './throttle.service.js';
import { UsersRepository } from './users.repository.js';

/** `device` is to be sent with the next login from there. */
export type LoggedIn = Tokens & { device: string; user: Account };
export type Refreshed = Tokens & { user: Account };

/** Minutes in which a login that needs a second step has to be finished. */
const SECOND_STEP_MINUTES = 10;

/** Caller with what the browser kept of an earlier login. */
export type From = Caller & { readonly device: string | undefined };

/** Known of somebody who has yet to show a second factor. `password`: fingerprint of the account's at that time. */
interface FirstStep {
  readonly methods: readonly LoginMethod[];
  readonly password: string;
}

/** A password that is changed between two steps of a login ends it. */
const fingerprint = (passwordHash: string | null): string =>
  createHash('sha256')
    .update(passwordHash ?? '')
    .digest('base64url');

/** Registration and login, which open a session, in one step or two. */
@Injectable()
export class LoginService {
  constructor(
    private readonly database: DatabaseService,
    private readonly users: UsersRepository,
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordService,
    private readonly throttle: ThrottleService,
    private readonly mail: MailService,
    private readonly factors: SecondFactorsService,
    private readonly passkeys: PasskeyProofsService,
    private readonly steps: OneTimeTokensRepository,
  ) {}

  /**
   * Makes an account and logs in. The error says openly that an address is taken: people expect to hear that they have
   * an account already, and hiding it would allow no session before the mail was read. The route has a limit.
   * @param accepted language of the request, for those who name none
   * Errors: `email_taken` (409), `password_unacceptable` (422), `overloaded`.
   */
  async register(
    { email, password, name, locale, device }: Register,
    accepted: Locale,
    caller: Caller,
  ): Promise<LoggedIn> {
    this.passwords.assertAcceptable(password, email);
    const passwordHash = await this.passwords.hash(password);
    const id = newId();
    const person = { id, email, name, passwordHash, locale: locale ?? accepted };
    await this.database.transaction(async (tx) => {
      await this.users.insert(tx, { ...person, role: 'user', emailVerifiedAt: null });
      await this.mail.queue(tx, { kind: 'account.verify', userId: id, data: {} });
    });
    return (await this.open(await this.living(id), ['password'], { ...caller, device })).tokens;
  }

  /**
   * Errors: `invalid_credentials`, `account_locked`, `second_factor_required` with `challenge` and `methods` (all 401),
   * `rate_limited`, `overloaded`.
   */
  async login({ email, password, device }: Login, caller: Caller): Promise<LoggedIn> {
    const account = email.toLowerCase();
    await this.throttle.guess(account, caller.ip);
    const user = await this.users.findByEmail(email);
    const right = await this.passwords.matches(user?.passwordHash, password);
    if (!user || !right) throw new DomainError('invalid_credentials');
    await this.throttle.guessedRight(account, caller.ip);
    return this.enter(user, ['password'], { ...caller, device });
  }

  /**
   * A login in which the passkey alone says who it is.
   * Errors: see `PasskeyProofsService.login`; `account_locked` (401).
   */
  async withPasskey({ passkey, device }: PasskeyLogin, caller: Caller): Promise<LoggedIn> {
    const user = await this.users.find(await this.passkeys.login(passkey));
    if (!user) throw new DomainError('passkey_unknown');
    return this.enter(user, ['passkey'], { ...caller, device });
  }

  /**
   * The second step of a login. A wrong code leaves the login open for another try.
   * Errors: `login_step_invalid` (422), `wrong_code` (403), `account_locked`, `invalid_credentials` (401), `rate_limited`.
   */
  async secondStep({ challenge, code, device }: SecondStep, caller: Caller): Promise<LoggedIn> {
    const hash = tokenHash(challenge);
    const step = await this.steps.find(hash, 'second_factor');
    const user = step?.userId && (await this.users.find(step.userId));
    if (!user) throw new DomainError('login_step_invalid');
    const { methods, password } = step.data as unknown as FirstStep;
    if (password !== fingerprint(user.passwordHash)) throw new DomainError('login_step_invalid');
    const account = `second ${user.id}`;
    await this.throttle.guess(account, caller.ip);
    const method = await this.factors.check(user.id, code);
    await this.throttle.guessedRight(account, caller.ip);
    const used = await this.database.transaction((tx) => this.steps.use(tx, hash, 'second_factor'));
    if (!used) throw new DomainError('login_step_invalid');
    return this.enter(user, [...methods, method], { ...caller, device });
  }

  /**
   * Lets somebody in who has proved who they are, or asks for the second factor of the account first. Who logs in from
   * a device that is not known gets a mail.
   * Errors: `account_locked`, `second_factor_required` with `challenge` and `methods`, `invalid_credentials` (all 401).
   */
  async enter(user: LivingUser, methods: readonly LoginMethod[], caller: From): Promise<LoggedIn> {
    // Told to those only who have proved who they are.
    if (user.lockedAt) throw new DomainError('account_locked');
    if (!isStrong(methods) && (await this.factors.isOn(user.id)))
      throw await this.secondStepOf(user, methods);
    const { tokens, known, sessionId } = await this.open(user, methods, caller);
    if (!known) await this.tellOfDevice(user.id, sessionId);
    return tokens;
  }

  /** Errors: see `SessionsService.refresh`. */
  async refresh(refreshToken: string, ip: string): Promise<Refreshed> {
    const { userId, tokens } = await this.sessions.refresh(refreshToken, ip);
    return { ...tokens, user: accountOf(await this.living(userId)) };
  }

  private async open(user: LivingUser, methods: readonly LoginMethod[], { device, ...caller }: From) {
    const opened = await this.sessions.open(user, methods, caller, device);
    if (!opened) throw new DomainError('invalid_credentials');
    const { known, sessionId, ...tokens } = opened;
    return { tokens: { ...tokens, user: accountOf(user) }, known, sessionId };
  }

  private async secondStepOf(user: LivingUser, methods: readonly LoginMethod[]): Promise<DomainError> {
    const challenge = newToken();
    const data: FirstStep = { methods, password: fingerprint(user.passwordHash) };
    await this.steps.insert(
      tokenHash(challenge),
      user.id,
      'second_factor',
      SECOND_STEP_MINUTES * 60,
      data as never,
    );
    return new DomainError('second_factor_required', {
      detail:
        'Send the challenge with a code of the authenticator app, or a recovery code, to POST /auth/login/second-factor.',
      extra: { challenge, methods: ['totp', 'recovery_code'] },
    });
  }

  private async tellOfDevice(userId: string, sessionId: string): Promise<void> {
    await this.database.transaction((tx) =>
      this.mail.queue(tx, { kind: 'account.new_device', userId, data: { sessionId } }),
    );
  }

  private async living(id: string): Promise<LivingUser> {
    const user = await this.users.find(id);
    if (!user) throw new DomainError('token_revoked');
    return user;
  }
}
