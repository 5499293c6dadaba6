import { createHash, randomBytes } from 'node:crypto';

const FORM = /^evk_(live|test)_[\w-]{43}$/;

/** Keys as they may stand anywhere in a text. */
export const KEY_IN_TEXT = /evk_(live|test)_[\w-]{43}/;

/** @param test whether it is for sandbox events: people and scanners of code see it by its beginning */
export const newKey = (test: boolean): string =>
  `evk_${test ? 'test' : 'live'}_${randomBytes(32).toString('base64url')}`;

/** Whether a bearer token is meant as a key, good or bad. */
export const isMeantAsKey = (token: string): boolean => token.startsWith('evk_');

export const looksLikeKey = (token: string): boolean => FORM.test(token);

/** The digest under which a key is kept. It is 256 random bits, so a plain hash is enough. */
export const keyHash = (key: string): Buffer => createHash('sha256').update(key).digest();

/** A key as replicas remember it. */
export interface KnownKey {
  readonly id: string;
  readonly organisationId: string;
  /** Hexadecimal. */
  readonly hash: string;
  /** Milliseconds since 1970; null: no end. */
  readonly expiresAt: number | null;
  readonly ended: boolean;
  /** For sandbox events only. */
  readonly test: boolean;
  readonly version: number;
}

/** Use of a key since it was last noted. */
export interface KeyUse {
  /** Milliseconds since 1970 of the last request. */
  at: number;
  requests: number;
}

/** All keys, in memory, by the digest of what is sent. */
export class KeyRing {
  private readonly byHash = new Map<string, KnownKey>();
  private readonly byId = new Map<string, KnownKey>();

  /** Takes keys as they were read; an answer that comes late changes nothing that is known to be newer. */
  learn(keys: readonly KnownKey[]): void {
    for (const key of keys)
      if (key.version >= (this.byHash.get(key.hash)?.version ?? 0)) {
        this.byHash.set(key.hash, key);
        this.byId.set(key.id, key);
      }
  }

  /** The key that this is, also one that has ended. */
  find(key: string): KnownKey | undefined {
    return this.byHash.get(keyHash(key).toString('hex'));
  }

  /** The key with this id, also one that has ended a while ago. */
  withId(id: string): KnownKey | undefined {
    return this.byId.get(id);
  }
}

export const isOver = ({ ended, expiresAt }: KnownKey, now: number): boolean =>
  ended || (expiresAt !== null && expiresAt <= now);
