import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Caller } from '../../platform/access/caller.js';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import type { Locale } from '../../platform/common/locale.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { toDomainError } from '../../platform/http/to-domain-error.js';
import { type LoggedIn, LoginService } from '../accounts/login.service.js';
import { UsersRepository } from '../accounts/users.repository.js';
import { SecondFactorsService } from '../factors/second-factors.service.js';
import type { LoginMethod } from '../tokens/login-methods.js';
import { OneTimeTokensRepository } from '../tokens/one-time-tokens.repository.js';
import { newToken, tokenHash } from '../tokens/sessions.service.js';
import type { CallbackQuery, Finish } from './identities.schemas.js';
import { pageAfter, redirectUri, WAY_SECONDS, type Why } from './identity.rules.js';
import { IdentityOwnersService } from './identity-owners.service.js';
import { type IdentityProvider, IdentityProvidersRepository } from './identity-providers.repository.js';
import { OidcClient } from './oidc.client.js';

/** Seconds in which the app has to trade its code. */
const CODE_SECONDS = 60;

/** Known of a way that was begun, until the provider's answer comes. */
interface Begun {
  readonly provider: string;
  readonly why: Why;
  readonly nonce: string;
  readonly verifier: string;
  /** Digest of the cookie of the browser that began it. */
  readonly browser: string;
  /** Language for a new account. */
  readonly locale: Locale;
  readonly sessionId: string | null;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Known of somebody who came back, until the app trades its code. */
interface Returned {
  readonly methods: readonly LoginMethod[];
  readonly browser: string;
}

const digestOf = (secret: string): string => tokenHash(secret).toString('base64url');

/**
 * The way to another provider and back. It is bound to the browser that began it by a cookie, to one provider by an
 * address of its own, and every step of it works once. No token of ours stands in an address: the callback ends with a
 * code for the app, which only the same browser can trade.
 */
@Injectable()
export class IdentityLoginService {
  private readonly log = new Logger(IdentityLoginService.name);

  constructor(
    private readonly database: DatabaseService,
    private readonly steps: OneTimeTokensRepository,
    private readonly providers: IdentityProvidersRepository,
    private readonly client: OidcClient,
    private readonly owners: IdentityOwnersService,
    private readonly users: UsersRepository,
    private readonly factors: SecondFactorsService,
    private readonly logins: LoginService,
    @Inject(CONFIG) private readonly config: Pick<Config, 'http'>,
  ) {}

  /** @returns the address to go to, and the secret that the browser keeps. Errors: `not_found`, `identity_provider_unavailable`. */
  beginLogin(provider: string, locale: Locale): Promise<{ url: string; binding: string }> {
    return this.begin(provider, 'login', locale, undefined);
  }

  /** Links a provider to one's account. Errors: `not_found`, `identity_provider_unavailable`, `email_not_verified`. */
  async beginLink(provider: string, user: Principal): Promise<{ url: string; binding: string }> {
    await this.owners.assertLinkable(user.id);
    return this.begin(provider, 'link', user.locale, user);
  }

  /**
   * Proves again who somebody is, for accounts without a second factor of their own.
   * Errors: `not_found`, `identity_provider_unavailable`, `second_factor_on` (409).
   */
  async beginStepUp(provider: string, user: Principal): Promise<{ url: string; binding: string }> {
    if (await this.factors.isOn(user.id))
      throw new DomainError('second_factor_on', { detail: 'Its code is needed: POST /auth/step-up.' });
    return this.begin(provider, 'step_up', user.locale, user);
  }

  /** The provider's answer. Never rejects. @returns the page that goes on, which says by a code what went wrong */
  async comeBack(provider: string, query: CallbackQuery, binding: string | undefined): Promise<string> {
    let why: Why | undefined;
    try {
      const begun = await this.take(provider, query.state, binding);
      why = begun.why;
      return this.page({ why, ...(await this.receive(begun, query)) });
    } catch (thrown) {
      const error = toDomainError(thrown);
      if (error.status === 500) this.log.error({ err: thrown }, 'A login at another provider cannot go on');
      return this.page({ ...(why && { why }), error: error.code });
    }
  }

  /**
   * Trades the code of the page for tokens.
   * Errors: `identity_login_invalid` (422); see `LoginService.enter`.
   */
  async finish({ code, device }: Finish, binding: string | undefined, caller: Caller): Promise<LoggedIn> {
    const step = await this.database.transaction((tx) =>
      this.steps.use(tx, tokenHash(code), 'identity_code'),
    );
    const returned = step?.data as Returned | undefined;
    const user = step?.userId && (await this.users.find(step.userId));
    if (!user || !isSame(returned?.browser, binding)) throw new DomainError('identity_login_invalid');
    return this.logins.enter(user, returned!.methods, { ...caller, device });
  }

  private async begin(providerId: string, why: Why, locale: Locale, user: Principal | undefined) {
    const provider = await this.usable(providerId);
    const [state, nonce, verifier, binding] = [newToken(), newToken(), newToken(), newToken()];
    const checks = { state, nonce, verifier };
    const url = await this.client.address(provider, this.redirectUri(provider), checks, why === 'step_up');
    const begun: Begun = {
      provider: provider.id,
      why,
      nonce,
      verifier,
      browser: digestOf(binding),
      locale,
      sessionId: user?.sessionId ?? null,
      at: Date.now(),
    };
    await this.steps.insert(tokenHash(state), user?.id ?? null, 'identity', WAY_SECONDS, begun as never);
    return { url, binding };
  }

  /** Uses the state up, whether or not the rest fits. */
  private async take(provider: string, state: string | undefined, binding: string | undefined) {
    const step = await this.database.transaction((tx) =>
      this.steps.use(tx, tokenHash(state ?? ''), 'identity'),
    );
    const begun = step?.data as Begun | undefined;
    if (!begun || begun.provider !== provider || !isSame(begun.browser, binding))
      throw new DomainError('identity_login_invalid');
    return { ...begun, userId: step!.userId };
  }

  private async receive(
    begun: Begun & { userId: string | null },
    query: CallbackQuery,
  ): Promise<Readonly<Record<string, string>>> {
    const provider = await this.usable(begun.provider);
    const callback = new URL(this.redirectUri(provider));
    for (const [name, value] of Object.entries(query))
      if (typeof value === 'string') callback.searchParams.set(name, value);
    const { nonce, verifier } = begun;
    const proved = await this.client.redeem(provider, callback, { state: query.state!, nonce, verifier });
    const { userId, sessionId } = begun;
    if (begun.why === 'login') {
      const user = await this.owners.ownerOf(provider, proved, begun.locale);
      const methods = [await this.owners.methodFor(user.id, provider, proved)];
      return { code: await this.codeFor(user.id, { methods, browser: begun.browser }) };
    }
    const session = { id: userId!, sessionId: sessionId! };
    if (begun.why === 'link') await this.owners.link(session, provider, proved);
    else await this.owners.prove(session, provider, proved, begun.at);
    return {};
  }

  private async codeFor(userId: string, returned: Returned): Promise<string> {
    const code = newToken();
    await this.steps.insert(tokenHash(code), userId, 'identity_code', CODE_SECONDS, returned as never);
    return code;
  }

  private async usable(id: string): Promise<IdentityProvider> {
    const provider = await this.providers.find(id);
    if (!provider?.enabled)
      throw new DomainError('not_found', { detail: 'There is no such provider to log in with.' });
    return provider;
  }

  private redirectUri({ id }: IdentityProvider): string {
    return redirectUri(this.config.http.publicUrl, id);
  }

  private page(said: Readonly<Record<string, string>>): string {
    return pageAfter(this.config.http.publicUrl, said);
  }
}

/** Whether it is the same browser, by the digest of its cookie. */
const isSame = (browser: string | undefined, binding: string | undefined): boolean =>
  binding !== undefined && browser === digestOf(binding);
