import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Inject, Injectable, Logger } from '@nestjs/common';
import * as oidc from 'openid-client';
import { urlProblem } from '../../platform/common/address.rules.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { publicOnly } from '../../platform/http/public-lookup.js';
import { type Claims, methodOf, type Profile, profileOf } from './identity.rules.js';
import type { IdentityProvider } from './identity-providers.repository.js';

/** Secrets of one login, which the answer has to fit. */
export interface Checks {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Somebody whom a provider has proved. `profile` asks it once more where the token says too little. */
export interface Proved {
  readonly issuer: string;
  readonly subject: string;
  readonly claims: Claims;
  readonly method: ReturnType<typeof methodOf>;
  profile(): Promise<Profile>;
}

type Known = Pick<IdentityProvider, 'id' | 'issuer' | 'clientId' | 'clientSecret' | 'version'>;

/** Bytes of an answer of a provider; the longest real ones, sets of keys, have some 10 kB. */
const ANSWER_LIMIT = 256 * 1024;
/** Milliseconds for which what a provider says about itself is not asked for again. */
const FRESH_MS = 5 * 60_000;
const MOST_KNOWN = 200;
const SCOPE = 'openid email profile';

/**
 * Speaks OpenID Connect with providers: code flow with PKCE S256, state and nonce, signatures checked with the
 * provider's keys. Requests go to public addresses only, end in time and follow no redirect.
 */
@Injectable()
export class OidcClient {
  private readonly log = new Logger(OidcClient.name);
  private readonly known = new Map<string, { version: number; until: number; found: oidc.Configuration }>();

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'identities' | 'env'>) {}

  /** Reason why a provider cannot be at an address, or undefined. */
  addressProblem(url: string): string | undefined {
    const { allowPrivate } = this.config.identities;
    return urlProblem(url, allowPrivate, allowPrivate && this.config.env !== 'production');
  }

  /** A provider's own words about itself, read anew. Errors: `identity_provider_unavailable` with the reason. */
  async look(provider: Known): Promise<oidc.ServerMetadata> {
    this.known.delete(provider.id);
    return (await this.configuration(provider)).serverMetadata();
  }

  /**
   * Address at the provider that a browser is sent to.
   * @param again asks for a login also from somebody whom the provider remembers
   * Errors: `identity_provider_unavailable`.
   */
  async address(provider: Known, redirectUri: string, checks: Checks, again: boolean): Promise<string> {
    const configuration = await this.configuration(provider);
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: SCOPE,
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(checks.verifier),
      code_challenge_method: 'S256',
      ...(again && { prompt: 'login', max_age: '0' }),
    });
    const problem = this.addressProblem(url.href);
    if (problem) throw unavailable(`The authorization endpoint ${problem}`);
    return url.href;
  }

  /**
   * Trades the code of a callback.
   * Errors: `identity_login_cancelled`, `identity_login_invalid`, `identity_provider_unavailable`.
   */
  async redeem(provider: Known, callback: URL, checks: Checks): Promise<Proved> {
    const configuration = await this.configuration(provider);
    try {
      const tokens = await oidc.authorizationCodeGrant(configuration, callback, {
        expectedState: checks.state,
        expectedNonce: checks.nonce,
        pkceCodeVerifier: checks.verifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims()! as Claims & { iss: string; sub: string };
      const profile = async () => profileOf(await this.described(configuration, claims, tokens.access_token));
      return { issuer: claims.iss, subject: claims.sub, claims, method: methodOf(claims), profile };
    } catch (error) {
      throw this.refusal(provider, error);
    }
  }

  /** Claims of the token with those of the provider's UserInfo, which has the address at some. */
  private async described(
    configuration: oidc.Configuration,
    claims: Claims & { sub: string },
    accessToken: string,
  ): Promise<Claims> {
    if (claims.email !== undefined || !configuration.serverMetadata().userinfo_endpoint) return claims;
    try {
      return { ...claims, ...(await oidc.fetchUserInfo(configuration, accessToken, claims.sub)) };
    } catch (error) {
      throw unavailable(reasonOf(error));
    }
  }

  private async configuration(provider: Known): Promise<oidc.Configuration> {
    const known = this.known.get(provider.id);
    if (known && known.version === provider.version && known.until > Date.now()) return known.found;
    const found = await this.discover(provider);
    if (this.known.size >= MOST_KNOWN) this.known.clear();
    this.known.set(provider.id, { version: provider.version, until: Date.now() + FRESH_MS, found });
    return found;
  }

  private async discover({ issuer, clientId, clientSecret }: Known): Promise<oidc.Configuration> {
    const problem = this.addressProblem(issuer);
    if (problem) throw unavailable(`The issuer ${problem}`);
    let found: oidc.Configuration;
    try {
      found = await oidc.discovery(new URL(issuer), clientId, {}, authenticationOf(clientSecret), {
        [oidc.customFetch]: (url, options) => this.fetch(url, options),
        timeout: this.config.identities.timeoutMs / 1000,
        execute: [
          oidc.enableNonRepudiationChecks,
          ...(new URL(issuer).protocol === 'http:' ? [oidc.allowInsecureRequests] : []),
        ],
      });
    } catch (error) {
      throw unavailable(reasonOf(error));
    }
    const { issuer: named, authorization_endpoint, token_endpoint, jwks_uri } = found.serverMetadata();
    // The library lets some houses name another issuer than the one that was asked; people are linked by it.
    if (new URL(named).href !== new URL(issuer).href) throw unavailable(`It calls itself ${named}`);
    if (!authorization_endpoint || !token_endpoint || !jwks_uri) throw unavailable('It lacks an endpoint');
    return found;
  }

  /** Names the fault after a browser came back: told to the person by a code, to the operator in the log. */
  private refusal(provider: Known, error: unknown): DomainError {
    if (error instanceof oidc.AuthorizationResponseError && error.error === 'access_denied')
      return new DomainError('identity_login_cancelled');
    const reason = reasonOf(error);
    this.log.warn({ provider: provider.id, reason }, 'A login at another provider failed');
    return isOfThisLogin(error) ? new DomainError('identity_login_invalid') : unavailable(reason);
  }

  private fetch(url: string, { method, headers, body, signal }: oidc.CustomFetchOptions): Promise<Response> {
    const problem = this.addressProblem(url);
    if (problem) return Promise.reject(new Error(`${new URL(url).origin} ${problem}`));
    const request = url.startsWith('https:') ? httpsRequest : httpRequest;
    const sent = body === null || body === undefined ? '' : String(body);
    return new Promise((resolve, reject) => {
      const asked = request(url, {
        method,
        agent: false,
        signal,
        headers: { ...headers, ...(sent && { 'content-length': Buffer.byteLength(sent) }) },
        ...(!this.config.identities.allowPrivate && { lookup: publicOnly }),
      });
      asked.on('response', (answer) => void read(answer).then(resolve, reject));
      asked.on('error', reject);
      asked.end(sent);
    });
  }
}

/** The secret goes into the header unless the provider takes it in the body only. */
function authenticationOf(secret: string | null): oidc.ClientAuth {
  if (secret === null) return oidc.None();
  return (server, client, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const inHeader = methods.includes('client_secret_basic');
    const authenticate = inHeader ? oidc.ClientSecretBasic(secret) : oidc.ClientSecretPost(secret);
    authenticate(server, client, body, headers);
  };
}

async function read(answer: IncomingMessage): Promise<Response> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > ANSWER_LIMIT) throw new Error(`The answer has more than ${ANSWER_LIMIT} bytes`);
    parts.push(part);
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) headers.set(name, String(value));
  const status = answer.statusCode!;
  const hasBody = size > 0 && ![204, 205, 304].includes(status);
  return new Response(hasBody ? Buffer.concat(parts) : null, { status, headers });
}

const unavailable = (reason: string): DomainError =>
  new DomainError('identity_provider_unavailable', { detail: `${reason}.`.replace(/\.+$/, '.') });

/** The innermost reason, in one line without what the provider wrote at length. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: unknown; cause?: unknown };
  const inner = cause instanceof Error && cause.message ? `: ${cause.message}` : '';
  return `${message}${inner}`.replaceAll(/\s+/g, ' ').slice(0, 200);
}

/** Codes of errors that say that an answer does not fit this login. */
const UNFIT = [
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
];

/** Whether this login was refused, or does not fit, rather than the provider being down or set up wrongly. */
function isOfThisLogin(error: unknown): boolean {
  if (error instanceof oidc.ResponseBodyError) return error.error === 'invalid_grant';
  if (error instanceof oidc.AuthorizationResponseError) return !OUTAGES.includes(error.error);
  // A body that makes no sense has the same code as an answer for another login.
  const { cause: about } = ((error as Error).cause ?? {}) as { cause?: object };
  return error instanceof oidc.ClientError && UNFIT.includes(error.code ?? '') && !(about && 'body' in about);
}

const OUTAGES = ['server_error', 'temporarily_unavailable'];
