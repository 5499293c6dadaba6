import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import { within } from '../../platform/database/clock.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { Tx } from '../../platform/database/tx.js';
import { ApiKeyEntity } from './api-key.entity.js';
import type { KeyUse, KnownKey } from './key.rules.js';

const DAY_SECONDS = 86_400;

const KNOWN = `id, organisation_id AS "organisationId", encode(hash, 'hex') AS hash,
  extract(epoch FROM expires_at)::float8 * 1000 AS "expiresAt", ended_at IS NOT NULL AS ended, test, version`;

export type NewApiKey = Pick<
  ApiKeyEntity,
  | 'id'
  | 'organisationId'
  | 'name'
  | 'hash'
  | 'ending'
  | 'permissions'
  | 'events'
  | 'test'
  | 'createdBy'
  | 'expiresAt'
>;

/** Rows of `api_key`. */
@Injectable()
export class ApiKeysRepository {
  constructor(
    private readonly database: DatabaseService,
    @InjectRepository(ApiKeyEntity) private readonly keys: Repository<ApiKeyEntity>,
  ) {}

  /** All that have not been ended. */
  all(): Promise<KnownKey[]> {
    return this.database.statement<KnownKey & Record<string, unknown>>(
      'key.all',
      `SELECT ${KNOWN} FROM api_key WHERE ended_at IS NULL`,
    );
  }

  changedWithin(seconds: number): Promise<KnownKey[]> {
    return this.database.statement<KnownKey & Record<string, unknown>>(
      'key.changed',
      `SELECT ${KNOWN} FROM api_key WHERE changed_at > clock_timestamp() - make_interval(secs => $1)`,
      [seconds],
    );
  }

  /** Newest first; ended ones are left out. */
  ofOrganisation(organisationId: string): Promise<ApiKeyEntity[]> {
    return this.keys.find({ where: { organisationId, endedAt: IsNull() }, order: { id: 'DESC' } });
  }

  /** Newest first, with those that were ended within so many days. */
  shown(organisationId: string, days: number): Promise<ApiKeyEntity[]> {
    return this.keys.find({
      where: [
        { organisationId, endedAt: IsNull() },
        { organisationId, endedAt: within(days * DAY_SECONDS) },
      ],
      order: { id: 'DESC' },
    });
  }

  find(tx: Tx, organisationId: string, id: string): Promise<ApiKeyEntity | null> {
    return tx.findOneBy(ApiKeyEntity, { organisationId, id, endedAt: IsNull() });
  }

  async insert(tx: Tx, key: NewApiKey): Promise<ApiKeyEntity> {
    await tx.insert(ApiKeyEntity, key);
    return tx.findOneByOrFail(ApiKeyEntity, { id: key.id });
  }

  /** Ends a key at once. @returns false when there was none */
  async end(tx: Tx, organisationId: string, id: string): Promise<boolean> {
    const [, ended] = await tx.query(
      `UPDATE api_key SET ended_at = clock_timestamp(), changed_at = clock_timestamp(), version = version + 1
        WHERE organisation_id = $1 AND id = $2 AND ended_at IS NULL`,
      [organisationId, id],
    );
    return ended === 1;
  }

  /** Lets a key end at that time at the latest. */
  async endBy(tx: Tx, id: string, at: Date): Promise<void> {
    await tx.query(
      `UPDATE api_key SET expires_at = least(expires_at, $2), changed_at = clock_timestamp(), version = version + 1
        WHERE id = $1`,
      [id, at],
    );
  }

  /** Adds what was counted of each key since the last time. */
  async used(uses: ReadonlyMap<string, KeyUse>): Promise<void> {
    const counted = [...uses.values()];
    await this.database.statement(
      'key.used',
      `UPDATE api_key k SET last_used_at = greatest(k.last_used_at, u.at), requests = k.requests + u.requests
         FROM unnest($1::uuid[], $2::timestamptz[], $3::bigint[]) AS u (id, at, requests) WHERE k.id = u.id`,
      [[...uses.keys()], counted.map(({ at }) => new Date(at)), counted.map(({ requests }) => requests)],
    );
  }
}
