import { email, line } from '../../platform/common/schemas.js';
import type { LoginMethod } from '../tokens/login-methods.js';

/** Claims about a person, as far as they are looked at. */
export interface Claims {
  readonly [name: string]: unknown;
}

/** Person as a provider describes them. `email` undefined: it says no address, or has not verified it. */
export interface Profile {
  readonly email: string | undefined;
  readonly name: string;
}

/** Names of a login with two factors: OpenID's PAPE and EAP, and REFEDS. */
const TWO_FACTORS = [
  'phr',
  'phrh',
  'http://schemas.openid.net/pape/policies/2007/06/multi-factor',
  'https://refeds.org/profile/mfa',
];

/** How strong a login at the provider was, as its `amr` (RFC 8176) or `acr` says. */
export function methodOf({ amr, acr }: Claims): LoginMethod {
  const strong = (Array.isArray(amr) && amr.includes('mfa')) || TWO_FACTORS.includes(acr as string);
  return strong ? 'identity_mfa' : 'identity';
}

/** Reads address and name; an address counts only where the provider says that it is verified. */
export function profileOf(claims: Claims): Profile {
  const address = email.safeParse(claims.email);
  const verified = claims.email_verified === true;
  const parts = [claims.given_name, claims.family_name].filter((part) => typeof part === 'string').join(' ');
  const names = [claims.name, parts, claims.preferred_username, address.data?.split('@', 1)[0], 'New'];
  return {
    email: verified ? address.data : undefined,
    name: names.map(nameOf).find((name) => name !== undefined)!,
  };
}

const nameOf = (said: unknown): string | undefined =>
  typeof said === 'string' ? line(100).safeParse(said.trim().slice(0, 100)).data : undefined;

/** Seconds by which the clock of a provider may be behind. */
const CLOCKS_APART = 60;

/** Whether the person logged in at the provider since a moment, and was not only remembered. */
export const isRenewed = ({ auth_time }: Claims, sinceMs: number): boolean =>
  typeof auth_time === 'number' && auth_time >= Math.floor(sinceMs / 1000) - CLOCKS_APART;

/** Address of a provider without what people copy along. */
export const issuerOf = (typed: string): string =>
  typed.trim().replace(/\/?\.well-known\/openid-configuration\/?$/, '');

/**
 * Reason why an issuer cannot be used, or undefined. Below `.well-known` the library would not compare issuers, and a
 * query belongs to none.
 */
export const issuerProblem = (issuer: string): string | undefined =>
  /[?#]|\/\.well-known\//.test(issuer) ? 'must be an issuer without a query' : undefined;

/** Seconds that the way to a provider and back may take. */
export const WAY_SECONDS = 10 * 60;

/** `__Host-`: no other name of the site's domain can set it. It needs TLS, which development has not. */
const cookieName = (secure: boolean): string => (secure ? '__Host-evently-login' : 'evently-login');

/** `Set-Cookie` that binds a login to the browser which began it. */
export function bindingCookie(value: string, publicUrl: string, seconds = WAY_SECONDS): string {
  const secure = isSecure(publicUrl);
  return `${cookieName(secure)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

/** Value of that cookie. */
export function boundOf(header: string | undefined, publicUrl: string): string | undefined {
  const name = `${cookieName(isSecure(publicUrl))}=`;
  const pair = header?.split(';').find((one) => one.trim().startsWith(name));
  const value = pair?.trim().slice(name.length);
  return value && /^[\w-]{43}$/.test(value) ? value : undefined;
}

const isSecure = (publicUrl: string): boolean => publicUrl.startsWith('https:');

/** Where a provider sends people back. Each has an address of its own, so that no provider's answer passes for another's. */
export const redirectUri = (publicUrl: string, providerId: string): string =>
  `${publicUrl}/api/v1/auth/identities/callback/${providerId}`;

export type Why = 'login' | 'link' | 'step_up';

/** Page of the app that goes on. Its fragment reaches no server and no log. */
export const pageAfter = (publicUrl: string, said: Readonly<Record<string, string>>): string =>
  `${publicUrl}/login/back#${new URLSearchParams(said)}`;
