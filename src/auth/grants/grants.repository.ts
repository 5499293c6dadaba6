import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { Tx } from '../../platform/database/tx.js';
import type { Membership } from './grants.rules.js';
import { MemberEntity } from './member.entity.js';

const COLUMNS = `organisation_id AS "organisationId", user_id AS "userId", owner, permissions, events,
  ended_at IS NOT NULL AS ended, version, demands`;
const DEMANDS =
  '(SELECT o.demands_second_factor FROM organisation o WHERE o.id = organisation_id) AS demands';

/** A key is like a member that may do what the key may, and has no second factor. */
const KEYS = `SELECT organisation_id, id AS user_id, false AS owner, permissions, events, ended_at, version, changed_at, false AS demands FROM api_key`;
const MEMBERS = `SELECT organisation_id, user_id, owner, permissions, events, ended_at, version, changed_at, ${DEMANDS} FROM member`;
/** Columns of the row that a statement has written. */
const WRITTEN = COLUMNS.replace('demands', DEMANDS);

/** A membership as it is written. */
export type Standing = Pick<MemberEntity, 'organisationId' | 'userId' | 'owner' | 'permissions' | 'events'> &
  Partial<Pick<MemberEntity, 'ownershipOfferedBy' | 'ownershipOfferedUntil'>>;

/** Rows of `member`. */
@Injectable()
export class GrantsRepository {
  constructor(
    private readonly database: DatabaseService,
    @InjectRepository(MemberEntity) private readonly members: Repository<MemberEntity>,
  ) {}

  /** All that stand. */
  all(): Promise<Membership[]> {
    return this.database.statement<Membership & Record<string, unknown>>(
      'member.all',
      `SELECT ${COLUMNS} FROM (${MEMBERS} UNION ALL ${KEYS}) m WHERE ended_at IS NULL`,
    );
  }

  /** Memberships that changed within so many seconds. */
  changedWithin(seconds: number): Promise<Membership[]> {
    return this.database.statement<Membership & Record<string, unknown>>(
      'member.changed',
      `SELECT ${COLUMNS} FROM (${MEMBERS} UNION ALL ${KEYS}) m WHERE changed_at > clock_timestamp() - make_interval(secs => $1)`,
      [seconds],
    );
  }

  ofPeople(userIds: readonly string[]): Promise<Membership[]> {
    return this.database.statement<Membership & Record<string, unknown>>(
      'member.of_people',
      `SELECT ${COLUMNS} FROM (${MEMBERS} UNION ALL ${KEYS}) m WHERE user_id = ANY ($1)`,
      [userIds],
    );
  }

  ofPerson(userId: string): Promise<MemberEntity[]> {
    return this.members.findBy({ userId, endedAt: IsNull() });
  }

  /** Members of an organisation, owners first, then in the order of joining. */
  ofOrganisation(tx: Tx, organisationId: string): Promise<MemberEntity[]> {
    return tx.find(MemberEntity, {
      where: { organisationId, endedAt: IsNull() },
      order: { owner: 'DESC', joinedAt: 'ASC', userId: 'ASC' },
    });
  }

  /** Writes a membership as it is from now on; one that had ended begins anew. */
  async put(tx: Tx, member: Standing): Promise<Membership> {
    const [row] = await tx.query(
      `INSERT INTO member (organisation_id, user_id, owner, permissions, events, ownership_offered_by,
                           ownership_offered_until)
       VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (organisation_id, user_id) DO UPDATE
          SET owner = EXCLUDED.owner, permissions = EXCLUDED.permissions, events = EXCLUDED.events,
              ownership_offered_by = EXCLUDED.ownership_offered_by,
              ownership_offered_until = EXCLUDED.ownership_offered_until, changed_at = clock_timestamp(),
              version = member.version + 1,
              joined_at = CASE WHEN member.ended_at IS NULL THEN member.joined_at ELSE clock_timestamp() END,
              ended_at = NULL
       RETURNING ${WRITTEN}`,
      [
        member.organisationId,
        member.userId,
        member.owner,
        member.permissions,
        member.events,
        member.ownershipOfferedBy ?? null,
        member.ownershipOfferedUntil ?? null,
      ],
    );
    return row;
  }

  /** @returns undefined when there was none */
  async end(tx: Tx, organisationId: string, userId: string): Promise<Membership | undefined> {
    const [[row]] = await tx.query(
      `UPDATE member SET owner = false, permissions = '{}', events = NULL, ownership_offered_by = NULL,
              ownership_offered_until = NULL, ended_at = clock_timestamp(), changed_at = clock_timestamp(),
              version = version + 1
        WHERE organisation_id = $1 AND user_id = $2 AND ended_at IS NULL
       RETURNING ${WRITTEN}`,
      [organisationId, userId],
    );
    return row;
  }

  /** The organisation demands something else of its members now: each of them is read anew on every replica. */
  async touch(tx: Tx, organisationId: string): Promise<Membership[]> {
    const [rows] = await tx.query(
      `UPDATE member SET changed_at = clock_timestamp(), version = version + 1 WHERE organisation_id = $1
       RETURNING ${WRITTEN}`,
      [organisationId],
    );
    return rows;
  }
}
