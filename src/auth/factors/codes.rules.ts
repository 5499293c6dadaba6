import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';

const PERIOD_SECONDS = 30;
/** Steps of 30 seconds by which a phone's clock may be wrong, in both directions. */
const DRIFT = 1;
const RECOVERY_CODES = 10;

/** A new secret, as long as the digest it is used with (RFC 4226, 4). */
export const newSecret = (): Buffer => randomBytes(20);

const totp = (secret: Buffer, issuer = '', label = '') =>
  new TOTP({
    issuer,
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_SECONDS,
    secret: new Secret({ buffer: Uint8Array.from(secret).buffer }),
  });

/** Address that an authenticator app reads: `otpauth://totp/…` */
export const uriOf = (secret: Buffer, issuer: string, label: string): string =>
  totp(secret, issuer, label).toString();

/** The secret to be typed by hand: base32. */
export const spelled = (secret: Buffer): string => totp(secret).secret.base32;

/**
 * Step of 30 seconds to which a code of six digits belongs; undefined when it is of none close to `now`.
 * @param now milliseconds since 1970
 */
export function stepOf(secret: Buffer, code: string, now: number): number | undefined {
  const delta = totp(secret).validate({ token: code, timestamp: now, window: DRIFT });
  return delta === null ? undefined : Math.floor(now / 1000 / PERIOD_SECONDS) + delta;
}

/** Whether somebody typed a code of the app rather than one on paper. */
export const isTotpCode = (typed: string): boolean => /^\d{6}$/.test(typed.replaceAll(' ', ''));

/** Codes of 80 random bits in groups of four: `2b3c-d4e5-f6g7-h2i3`. No letter looks like a digit. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: RECOVERY_CODES }, () =>
    new Secret({ buffer: Uint8Array.from(randomBytes(10)).buffer }).base32
      .toLowerCase()
      .replace(/.{4}(?=.)/g, '$&-'),
  );

/** Digest under which a code is kept, however it was typed. They are random, so a plain hash is enough. */
export const recoveryHash = (code: string): Buffer =>
  createHash('sha256')
    .update(code.toLowerCase().replace(/[^a-z\d]/g, ''))
    .digest();
