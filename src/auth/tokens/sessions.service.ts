import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../platform/access/caller.js';
import type { BoundSale, Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { newId } from '../../platform/common/ids.js';
import type { Locale } from '../../platform/common/locale.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import { afterCommit, type Tx } from '../../platform/database/tx.js';
import { isStrong, type LoginMethod } from './login-methods.js';
import { RevocationsService } from './revocations.service.js';
import { type OpenSession, type SeenSession, SessionsRepository } from './sessions.repository.js';
import { ACCESS_TOKEN_SECONDS } from './token.rules.js';
import { TokenService } from './token.service.js';

/** Tokens that a client keeps after a login. `expiresIn` is the life of the access token in seconds. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
  expiresIn: number;
}

/** A login that has just begun. */
export interface Opened extends Tokens {
  sessionId: string;
  /** To be sent with the next login from here, so that it is no new device. */
  device: string;
  /** Whether the person has logged in like this before. */
  known: boolean;
}

/** Seconds for which a proof of who somebody is opens what asks for one. */
export const PROOF_SECONDS = 15 * 60;

export interface NewBuyerSession {
  readonly userId: string;
  readonly locale: Locale;
  readonly keyId: string;
  readonly sale: BoundSale;
  readonly minutes: number;
}

/** The digest under which a token of ours is kept. They are 256 random bits, so a plain hash is enough. */
export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();
export const newToken = (): string => randomBytes(32).toString('base64url');

/** Logins: opened, renewed by refresh tokens that work once, and ended at once. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly database: DatabaseService,
    private readonly sessions: SessionsRepository,
    private readonly revocations: RevocationsService,
    private readonly tokens: TokenService,
  ) {}

  /** Opens a session for a customer of a shop when the transaction commits: bound to its sale, and not to be renewed. */
  async openForBuyer(
    tx: Tx,
    { userId, locale, keyId, sale, minutes }: NewBuyerSession,
  ): Promise<{ id: string; token: string; expiresAt: Date }> {
    const id = newId();
    const expiresAt = new Date(Math.floor(Date.now() / 1000 + minutes * 60) * 1000);
    await this.sessions.insert(tx, { id, userId, expiresAt, keyId, ...sale });
    const customer: Principal = { id: userId, role: 'user', sessionId: id, locale };
    return { id, token: this.tokens.signForBuyer(customer, sale, keyId, expiresAt), expiresAt };
  }

  /** A session that a shop has made, over or not. */
  findBuyers(id: string): Promise<{ id: string; userId: string; eventId: string } | null> {
    return this.sessions.findBuyers(id);
  }

  /** Ends a session that a shop has made when the transaction commits. @returns false when it had ended */
  async endBuyers(tx: Tx, id: string): Promise<boolean> {
    const ended = await this.sessions.revokeBuyers(tx, id);
    if (ended) afterCommit(tx, () => this.revocations.add([id]));
    return ended;
  }

  /**
   * Undefined when `passwordHash` is not that of the account any more.
   * @param device what the browser kept of an earlier login, if it did
   */
  async open(
    user: { readonly id: string; readonly passwordHash: string | null },
    methods: readonly LoginMethod[],
    caller: Caller,
    device: string = newToken(),
  ): Promise<Opened | undefined> {
    const refreshToken = newToken();
    const begun = { id: newId(), userId: user.id, methods, caller, device: tokenHash(device) };
    const session = await this.sessions.open(begun, user.passwordHash, tokenHash(refreshToken));
    if (!session) return undefined;
    const { sessionId, known } = session;
    return { ...this.tokensOf(session, refreshToken), sessionId, device, known };
  }

  /**
   * Notes that the person of a session proved again who they are. @returns an access token that says so
   * Errors: `token_revoked`.
   */
  async prove(sessionId: string, method: LoginMethod): Promise<Omit<Tokens, 'refreshToken'>> {
    const session = await this.sessions.prove(sessionId, method);
    if (!session) throw new DomainError('token_revoked');
    const { accessToken, expiresIn } = this.tokensOf(session, '');
    return { accessToken, expiresIn };
  }

  /** Errors: `step_up_required` (403) when the last proof is older than 15 minutes. */
  async assertProved({ sessionId }: Pick<Principal, 'sessionId'>): Promise<void> {
    if (await this.sessions.isProvedWithin(sessionId, PROOF_SECONDS)) return;
    throw new DomainError('step_up_required', {
      detail: 'Prove again who you are with POST /auth/step-up, then repeat the request.',
    });
  }

  /**
   * The next pair of tokens. Every refresh token works once. One that comes back after its use was stolen or leaked, so
   * the whole session ends, for thief and owner alike. Only requests under way at the same moment (two tabs, a retry)
   * are no sign of theft: one wins, the others are refused and the session lives. A grace of some seconds, as others
   * grant, was rejected: it lets a thief go unnoticed whose victim refreshes right after him.
   * Errors: `refresh_token_invalid`, `refresh_token_used`, `refresh_token_reused`, `account_locked` (all 401).
   */
  async refresh(refreshToken: string, ip: string): Promise<{ userId: string; tokens: Tokens }> {
    const arrived = performance.now();
    const next = newToken();
    const hash = tokenHash(refreshToken);
    const { session, startedMs } = await this.sessions.rotate(hash, tokenHash(next), ip);
    if (session) return { userId: session.userId, tokens: this.tokensOf(session, next) };
    // By the database's clock, and rather a little too early: the statement may have waited for a connection.
    const arrivedMs = startedMs - (performance.now() - arrived);
    const used = await this.sessions.usedBefore(hash, arrivedMs);
    if (!used)
      throw new DomainError(
        (await this.sessions.isOfLockedAccount(hash)) ? 'account_locked' : 'refresh_token_invalid',
      );
    if (!used.before) throw new DomainError('refresh_token_used');
    await this.end(used.sessionId);
    throw new DomainError('refresh_token_reused');
  }

  /** Access and refresh tokens of the session are refused from here on. */
  async end(sessionId: string): Promise<void> {
    await this.sessions.revoke(sessionId);
    this.revocations.add([sessionId]);
  }

  /** Ends a session of this person. Errors: `not_found`. */
  async endOwn({ id }: Pick<Principal, 'id'>, sessionId: string): Promise<void> {
    if (!(await this.sessions.of(id, sessionId)))
      throw new DomainError('not_found', { detail: 'There is no such session of yours.' });
    await this.end(sessionId);
  }

  /** A session of this person, over or not. */
  find(userId: string, id: string): Promise<SeenSession | null> {
    return this.sessions.of(userId, id);
  }

  /** Ends all sessions of a person when the transaction commits; `except` stays open. */
  async endAll(tx: Tx, userId: string, except: string | null = null): Promise<void> {
    const ended = await this.sessions.revokeAll(tx, userId, except);
    afterCommit(tx, () => this.revocations.add(ended));
  }

  /** Ends all sessions of this person but the one that asks. */
  async endOthers({ id, sessionId }: Principal): Promise<void> {
    await this.database.transaction((tx) => this.endAll(tx, id, sessionId));
  }

  async logoutAll(user: Principal): Promise<void> {
    await this.database.transaction((tx) => this.endAll(tx, user.id));
  }

  live({ id }: Pick<Principal, 'id'>) {
    return this.sessions.live(id);
  }

  /** Forgets sessions that are long over. */
  async purge(): Promise<void> {
    while (await this.sessions.purge());
  }

  private tokensOf({ userId, role, sessionId, locale, methods }: OpenSession, refreshToken: string): Tokens {
    const strong = isStrong(methods) && { strong: true as const };
    return {
      accessToken: this.tokens.sign({ id: userId, role, sessionId, locale, ...strong }),
      refreshToken,
      expiresIn: ACCESS_TOKEN_SECONDS,
    };
  }
}
