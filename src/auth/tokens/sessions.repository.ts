import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Not, Repository } from 'typeorm';
import type { Caller } from '../../platform/access/caller.js';
import type { Role } from '../../platform/access/principal.js';
import type { Locale } from '../../platform/common/locale.js';
import { networkOf } from '../../platform/common/network.rules.js';
import { now, toCome } from '../../platform/database/clock.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { Tx } from '../../platform/database/tx.js';
import type { LoginMethod } from './login-methods.js';
import { SessionEntity } from './session.entity.js';

const PURGE_BATCH = 1_000;

export interface OpenSession {
  sessionId: string;
  userId: string;
  role: Role;
  locale: Locale;
  methods: LoginMethod[];
}

/** A session about to begin. */
export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly methods: readonly LoginMethod[];
  readonly caller: Caller;
  /** SHA-256 of what the browser keeps. */
  readonly device: Buffer;
}

/** A session as its person sees it. */
export type SeenSession = Pick<
  SessionEntity,
  'id' | 'createdAt' | 'expiresAt' | 'lastUsedAt' | 'provedAt' | 'methods' | 'browser' | 'system' | 'ip'
>;

/** `session` and `refresh_token`; of `app_user` only whether the account lives and is open, its role and language. */
@Injectable()
export class SessionsRepository {
  constructor(
    @InjectRepository(SessionEntity) private readonly sessions: Repository<SessionEntity>,
    private readonly database: DatabaseService,
  ) {}

  /**
   * Opens a session for an account whose password hash is still the one that was checked: hashing takes a while, and a
   * password change in between has already ended the sessions that it knew. Undefined when the hash is another one now.
   * `known`: there is a session of the last weeks from this device, or from the same network with the same browser.
   */
  async open(
    { id, userId, methods, caller, device }: NewSession,
    passwordHash: string | null,
    refreshHash: Buffer,
  ): Promise<(OpenSession & { known: boolean }) | undefined> {
    const rows = await this.database.statement<OpenSession & { known: boolean } & Record<string, unknown>>(
      'session.open',
      `WITH person AS (
         SELECT id, role, locale FROM app_user
         WHERE id = $2 AND password_hash IS NOT DISTINCT FROM $3 AND deleted_at IS NULL AND locked_at IS NULL FOR SHARE
       ), opened AS (
         INSERT INTO session (id, user_id, methods, browser, system, ip, device)
         SELECT $1, id, $5, $6, $7, $8, $9 FROM person
       ), token AS (
         INSERT INTO refresh_token (hash, session_id) SELECT $4, $1 FROM person
       )
       SELECT $1::uuid AS "sessionId", id AS "userId", role, locale, $5::text[] AS methods,
         EXISTS (SELECT FROM session s WHERE s.user_id = $2 AND (s.device = $9 OR
           (s.browser IS NOT DISTINCT FROM $6 AND s.system IS NOT DISTINCT FROM $7 AND s.ip = $8))) AS known
       FROM person`,
      [
        id,
        userId,
        passwordHash,
        refreshHash,
        methods,
        caller.browser,
        caller.system,
        networkOf(caller.ip),
        device,
      ],
    );
    return rows[0];
  }

  /**
   * Trades an unused refresh token of a live session for the next one. If two calls come at once, only one gets a
   * session.
   * `startedMs`: when the database began with it, in milliseconds by its clock.
   */
  async rotate(
    hash: Buffer,
    nextHash: Buffer,
    ip: string,
  ): Promise<{ session: OpenSession | null; startedMs: number }> {
    const rows = await this.database.statement<{ session: OpenSession | null; startedMs: number }>(
      'session.rotate',
      `WITH used AS (
         UPDATE refresh_token SET used_at = clock_timestamp()
         WHERE hash = $1 AND used_at IS NULL RETURNING session_id
       ), live AS (
         UPDATE session SET expires_at = clock_timestamp() + interval '30 days', last_used_at = clock_timestamp(), ip = $3
         FROM used, app_user person
         WHERE session.id = used.session_id AND session.revoked_at IS NULL AND session.expires_at > clock_timestamp()
           AND person.id = session.user_id AND person.deleted_at IS NULL AND person.locked_at IS NULL
         RETURNING session.id, person.id AS user_id, person.role, person.locale, session.methods
       ), token AS (
         INSERT INTO refresh_token (hash, session_id) SELECT $2, id FROM live
       )
       SELECT (SELECT json_build_object('sessionId', id, 'userId', user_id, 'role', role, 'locale', locale, 'methods', methods) FROM live) AS session,
         (extract(epoch FROM statement_timestamp()) * 1000)::float8 AS "startedMs"`,
      [hash, nextHash, networkOf(ip)],
    );
    return rows[0]!;
  }

  /** The live session of a refresh token that was used, and whether that was before the given moment. */
  async usedBefore(
    hash: Buffer,
    momentMs: number,
  ): Promise<{ sessionId: string; before: boolean } | undefined> {
    const rows = await this.database.statement<{ sessionId: string; before: boolean }>(
      'session.used_before',
      `SELECT session_id AS "sessionId", used_at < to_timestamp($2::float8 / 1000) AS before
       FROM refresh_token JOIN session ON session.id = session_id
       WHERE hash = $1 AND used_at IS NOT NULL AND revoked_at IS NULL AND expires_at > clock_timestamp()`,
      [hash, momentMs],
    );
    return rows[0];
  }

  /** Whether a refresh token was of an account that is locked, whose sessions have ended with that. */
  async isOfLockedAccount(hash: Buffer): Promise<boolean> {
    const rows = await this.database.statement(
      'session.of_locked_account',
      `SELECT FROM refresh_token JOIN session ON session.id = session_id JOIN app_user person ON person.id = user_id
       WHERE hash = $1 AND person.locked_at IS NOT NULL`,
      [hash],
    );
    return rows.length > 0;
  }

  /** Opens a session of a customer, without a refresh token. */
  async insert(
    tx: Tx,
    session: Pick<SessionEntity, 'id' | 'userId' | 'expiresAt' | 'keyId' | 'eventId' | 'origin'>,
  ): Promise<void> {
    await tx.insert(SessionEntity, session);
  }

  /** A session of a customer, over or not. */
  async findBuyers(id: string): Promise<{ id: string; userId: string; eventId: string } | null> {
    const found = await this.sessions.findOneBy({ id, eventId: Not(IsNull()) });
    return found && { id, userId: found.userId, eventId: found.eventId! };
  }

  /** @returns false when it had ended */
  async revokeBuyers(tx: Tx, sessionId: string): Promise<boolean> {
    const live = { id: sessionId, eventId: Not(IsNull()), revokedAt: IsNull() };
    return (await tx.update(SessionEntity, live, { revokedAt: now })).affected === 1;
  }

  async revoke(sessionId: string): Promise<void> {
    await this.sessions.update({ id: sessionId, revokedAt: IsNull() }, { revokedAt: now });
  }

  /** Ids of the sessions that this ended; `except` stays open. */
  async revokeAll(tx: Tx, userId: string, except: string | null): Promise<string[]> {
    const [rows]: [{ id: string }[]] = await tx.query(
      `UPDATE session SET revoked_at = clock_timestamp()
       WHERE user_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $2 RETURNING id`,
      [userId, except],
    );
    return rows.map(({ id }) => id);
  }

  /** Ids of the sessions revoked in the last seconds. */
  async revokedWithin(seconds: number): Promise<string[]> {
    const rows = await this.database.statement<{ id: string }>(
      'session.revoked_within',
      'SELECT id FROM session WHERE revoked_at > clock_timestamp() - make_interval(secs => $1)',
      [seconds],
    );
    return rows.map(({ id }) => id);
  }

  /** Notes a proof. @returns all ways in which the session was proved; undefined when it is over */
  async prove(sessionId: string, method: LoginMethod): Promise<OpenSession | undefined> {
    const rows = await this.database.statement<OpenSession & Record<string, unknown>>(
      'session.prove',
      `UPDATE session s SET proved_at = clock_timestamp(),
         methods = CASE WHEN $2 = ANY (s.methods) THEN s.methods ELSE s.methods || $2::text END
       FROM app_user person
       WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > clock_timestamp() AND person.id = s.user_id
         AND person.deleted_at IS NULL AND person.locked_at IS NULL
       RETURNING s.id AS "sessionId", person.id AS "userId", person.role, person.locale, s.methods`,
      [sessionId, method],
    );
    return rows[0];
  }

  /** Whether the person proved who they are within so many seconds. */
  async isProvedWithin(sessionId: string, seconds: number): Promise<boolean> {
    const rows = await this.database.statement(
      'session.proved',
      'SELECT FROM session WHERE id = $1 AND proved_at > clock_timestamp() - make_interval(secs => $2)',
      [sessionId, seconds],
    );
    return rows.length > 0;
  }

  /** A session of this person, over or not. */
  of(userId: string, id: string): Promise<SeenSession | null> {
    return this.sessions.findOneBy({ id, userId });
  }

  /** Live sessions of a person, newest first. */
  live(userId: string): Promise<SeenSession[]> {
    return this.sessions.find({
      select: {
        id: true,
        createdAt: true,
        expiresAt: true,
        lastUsedAt: true,
        provedAt: true,
        methods: true,
        browser: true,
        system: true,
        ip: true,
      },
      where: { userId, revokedAt: IsNull(), expiresAt: toCome() },
      order: { id: 'DESC' },
      take: 1_000,
    });
  }

  /** Deletes sessions and tokens that are of no use any more. @returns whether there may be more of them */
  async purge(): Promise<boolean> {
    const sessions = await this.database.statement(
      'session.purge',
      `DELETE FROM session WHERE id IN (
         SELECT id FROM session WHERE expires_at < clock_timestamp() - interval '1 day' LIMIT $1) RETURNING 1`,
      [PURGE_BATCH],
    );
    const tokens = await this.database.statement(
      'refresh_token.purge',
      `DELETE FROM refresh_token WHERE hash IN (
         SELECT hash FROM refresh_token WHERE used_at < clock_timestamp() - interval '30 days' LIMIT $1) RETURNING 1`,
      [PURGE_BATCH],
    );
    return Math.max(sessions.length, tokens.length) === PURGE_BATCH;
  }
}
