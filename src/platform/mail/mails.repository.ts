import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, LessThan, Repository } from 'typeorm';
import { DatabaseService } from '../database/database.service.js';
import type { Tx } from '../database/tx.js';
import { MailEntity } from './mail.entity.js';
import type { MailJob, MailKind, NewMail } from './mail-map.js';

export const MAIL_STATES = ['pending', 'sent', 'dropped', 'failed'] as const;
export type MailState = (typeof MAIL_STATES)[number];

export type MailRecord = Omit<MailEntity, 'bulk' | 'usefulUntil' | 'lease'>;

export interface MailFilter {
  readonly state?: MailState;
  readonly kind?: string;
  /** Mail for one of these people. */
  readonly userIds?: readonly string[];
}

/** A mail that is leased. */
export interface DueMail extends MailJob {
  /** With the one under way. */
  readonly attempts: number;
  /** Nobody needs it any more. */
  readonly late: boolean;
}

export interface Settlement {
  readonly state: MailState;
  readonly error?: string;
  /** Seconds until the next attempt. */
  readonly pause?: number;
}

/** Mail that waits, and what became of it. */
@Injectable()
export class MailsRepository {
  constructor(
    @InjectRepository(MailEntity) private readonly mails: Repository<MailEntity>,
    private readonly database: DatabaseService,
  ) {}

  async insert(tx: Tx, mails: readonly (NewMail & { id: string })[]): Promise<void> {
    await tx.query(
      `INSERT INTO mail (id, kind, user_id, data, bulk, useful_until)
       SELECT id, kind, "userId", data, coalesce(bulk, false), "usefulUntil" FROM jsonb_to_recordset($1)
         AS m (id uuid, kind text, "userId" uuid, data jsonb, bulk boolean, "usefulUntil" timestamptz)`,
      [JSON.stringify(mails)],
    );
  }

  /** Leases what is due; those that somebody waits for before those sent to thousands. */
  claim(lease: string, seconds: number, limit: number, kinds: readonly MailKind[]): Promise<DueMail[]> {
    return this.database.statement<DueMail & Record<string, unknown>>(
      'mail.claim',
      `UPDATE mail SET lease = $1, attempts = attempts + 1, due_at = clock_timestamp() + make_interval(secs => $2)
       WHERE id IN (SELECT id FROM mail WHERE state = 'pending' AND due_at <= clock_timestamp() AND kind = ANY ($4)
                    ORDER BY bulk, due_at LIMIT $3 FOR UPDATE SKIP LOCKED)
       RETURNING id, kind, user_id AS "userId", data, attempts, coalesce(useful_until <= clock_timestamp(), false) AS late`,
      [lease, seconds, limit, kinds],
    );
  }

  /**
   * Keeps what became of an attempt, unless somebody else has taken the mail over meanwhile. The ids that a mail is made of
   * stay, so that operators see it again; an address, which stands in no account any more, goes.
   */
  async settle(id: string, lease: string, { state, error, pause }: Settlement): Promise<void> {
    await this.database.statement(
      'mail.settle',
      `UPDATE mail SET lease = NULL, state = $3, last_error = $4,
         due_at = clock_timestamp() + make_interval(secs => $5),
         settled_at = CASE WHEN $3 <> 'pending' THEN clock_timestamp() END,
         data = CASE WHEN $3 IN ('sent', 'dropped') THEN data - 'to' ELSE data END
       WHERE id = $1 AND lease = $2`,
      [id, lease, state, error ?? null, pause ?? 0],
    );
  }

  /** Withdraws mail of these kinds that waits for this person. */
  async withdraw(tx: Tx, userId: string, kinds: readonly MailKind[]): Promise<void> {
    await tx.delete(MailEntity, { userId, kind: In(kinds), state: 'pending' });
  }

  /** Withdraws mail that waits for this person and forgets mail that was sent. @returns the ids */
  async forgetPerson(tx: Tx, userId: string): Promise<string[]> {
    const [rows]: [{ id: string }[]] = await tx.query('DELETE FROM mail WHERE user_id = $1 RETURNING id', [
      userId,
    ]);
    return rows.map(({ id }) => id);
  }

  /** Newest first. */
  page({ state, kind, userIds }: MailFilter, limit: number, before: string | null): Promise<MailRecord[]> {
    return this.mails.find({
      where: {
        ...(state && { state }),
        ...(kind !== undefined && { kind }),
        ...(userIds && { userId: In(userIds) }),
        ...(before !== null && { id: LessThan(before) }),
      },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  find(id: string): Promise<MailRecord | null> {
    return this.mails.findOneBy({ id });
  }

  /** Makes one due now, with all its attempts before it. @returns false when it is over or under way */
  async retry(id: string): Promise<boolean> {
    const rows = await this.database.statement(
      'mail.retry',
      `UPDATE mail SET state = 'pending', attempts = 0, due_at = clock_timestamp(), settled_at = NULL
       WHERE id = $1 AND state IN ('pending', 'failed') AND (lease IS NULL OR due_at <= clock_timestamp()) RETURNING 1`,
      [id],
    );
    return rows.length > 0;
  }

  /** The same mail once more, as a new one. */
  async insertCopy(tx: Tx, id: string, { kind, userId, data }: MailRecord): Promise<void> {
    await tx.insert(MailEntity, { id, kind, userId, data, bulk: false });
  }

  /** Number of mails that wait or have failed, and for how many seconds the oldest of them has been due. */
  countOpen(): Promise<{ state: MailState; count: number; seconds: number }[]> {
    return this.database.statement(
      'mail.count_open',
      `SELECT state, count(*)::int AS count,
              greatest(0, extract(epoch FROM clock_timestamp() - min(due_at)))::float8 AS seconds
       FROM mail WHERE state IN ('pending', 'failed') GROUP BY state`,
    );
  }

  /** Forgets what was settled long ago. @returns how many */
  async forget(sentDays: number, failedDays: number, limit: number): Promise<number> {
    const rows = await this.database.statement(
      'mail.forget',
      `DELETE FROM mail WHERE id IN (SELECT id FROM mail WHERE settled_at < clock_timestamp() - make_interval(
         days => CASE state WHEN 'failed' THEN $2::int ELSE $1::int END) LIMIT $3) RETURNING 1`,
      [sentDays, failedDays, limit],
    );
    return rows.length;
  }
}
