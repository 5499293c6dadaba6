import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.service.js';
import type { Tx } from '../database/tx.js';
import type { Kind, NotificationData } from './notification.kinds.js';

export interface NotificationRecord {
  id: string;
  userId: string;
  kind: Kind;
  eventId: string | null;
  bookingId: string | null;
  data: NotificationData;
  createdAt: Date;
  readAt: Date | null;
}

export interface NewNotifications {
  readonly kind: Kind;
  readonly cause: string;
  readonly eventId: string;
  readonly bookingId: string | null;
  readonly data: NotificationData;
}

/** What was made for one person. */
export interface Made {
  readonly userId: string;
  readonly id: string;
  readonly shown: boolean;
  /** Whether its person wants it by mail, too. */
  readonly mail: boolean;
}

const COLUMNS = `id, user_id AS "userId", kind, event_id AS "eventId", booking_id AS "bookingId", data,
  created_at AS "createdAt", read_at AS "readAt"`;

type Row = NotificationRecord & Record<string, unknown>;

@Injectable()
export class NotificationsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Makes the same notification for each of these people, as far as they live and have not had it. Their accounts are
   * locked against erasure, which would leave it behind.
   * @param mail whether it goes by mail to those who have said nothing about it
   */
  async insert(
    tx: Tx,
    to: readonly { userId: string; id: string }[],
    { kind, cause, eventId, bookingId, data }: NewNotifications,
    mail: boolean,
  ): Promise<Made[]> {
    return tx.query(
      `WITH person AS (
         SELECT u.id AS user_id, r.id, coalesce(p.in_app, true) AS shown, coalesce(p.mail, $8) AS mail
         FROM unnest($1::uuid[], $2::uuid[]) AS r (user_id, id)
         JOIN app_user u ON u.id = r.user_id AND u.deleted_at IS NULL
         LEFT JOIN notification_preference p ON p.user_id = u.id AND p.kind = $3
         FOR SHARE OF u
       ), made AS (
         INSERT INTO notification (user_id, id, kind, cause, event_id, booking_id, data, shown)
         SELECT user_id, id, $3, $4, $5, $6, $7, shown FROM person
         ON CONFLICT (user_id, cause) DO NOTHING RETURNING id
       )
       SELECT user_id AS "userId", id, shown, mail FROM made JOIN person USING (id)`,
      [
        to.map(({ userId }) => userId),
        to.map(({ id }) => id),
        kind,
        cause,
        eventId,
        bookingId,
        JSON.stringify(data),
        mail,
      ],
    );
  }

  /** Newest first, without those that their person did not want in the list. */
  page(userId: string, unread: boolean, limit: number, before: string | null): Promise<NotificationRecord[]> {
    return this.database.statement<Row>(
      'notification.page',
      `SELECT ${COLUMNS} FROM notification
       WHERE user_id = $1 AND shown AND ($2 IS FALSE OR read_at IS NULL) AND ($3::uuid IS NULL OR id < $3)
       ORDER BY id DESC LIMIT $4`,
      [userId, unread, before, limit],
    );
  }

  async countUnread(userId: string): Promise<number> {
    const [row] = await this.database.statement<{ count: number }>(
      'notification.count_unread',
      'SELECT count(*)::int AS count FROM notification WHERE user_id = $1 AND shown AND read_at IS NULL',
      [userId],
    );
    return row!.count;
  }

  async find(userId: string, id: string): Promise<NotificationRecord | undefined> {
    const [row] = await this.database.statement<Row>(
      'notification.find',
      `SELECT ${COLUMNS} FROM notification WHERE user_id = $1 AND id = $2`,
      [userId, id],
    );
    return row;
  }

  /** Of these, those that are shown to this person. */
  findShown(userId: string, ids: readonly string[]): Promise<NotificationRecord[]> {
    return this.database.statement<Row>(
      'notification.find_shown',
      `SELECT ${COLUMNS} FROM notification WHERE user_id = $1 AND id = ANY ($2) AND shown ORDER BY id`,
      [userId, ids],
    );
  }

  /** The first reading counts. */
  async markRead(userId: string, id: string): Promise<NotificationRecord | undefined> {
    const [row] = await this.database.statement<Row>(
      'notification.mark_read',
      `UPDATE notification SET read_at = coalesce(read_at, clock_timestamp())
       WHERE user_id = $1 AND id = $2 AND shown RETURNING ${COLUMNS}`,
      [userId, id],
    );
    return row;
  }

  /** @returns how many were unread */
  async markAllRead(userId: string): Promise<number> {
    const rows = await this.database.statement(
      'notification.mark_all_read',
      'UPDATE notification SET read_at = clock_timestamp() WHERE user_id = $1 AND shown AND read_at IS NULL RETURNING 1',
      [userId],
    );
    return rows.length;
  }

  async existsFor(tx: Tx, userId: string, bookingId: string, kind: Kind): Promise<boolean> {
    const [row] = await tx.query(
      'SELECT EXISTS (SELECT FROM notification WHERE user_id = $1 AND booking_id = $2 AND kind = $3) AS found',
      [userId, bookingId, kind],
    );
    return row.found;
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM notification WHERE user_id = $1', [userId]);
    await tx.query('DELETE FROM notification_preference WHERE user_id = $1', [userId]);
  }

  /** @returns how many */
  async forget(days: number, limit: number): Promise<number> {
    const rows = await this.database.statement(
      'notification.forget',
      `DELETE FROM notification WHERE (user_id, id) IN (SELECT user_id, id FROM notification
         WHERE created_at < clock_timestamp() - make_interval(days => $1) LIMIT $2) RETURNING 1`,
      [days, limit],
    );
    return rows.length;
  }
}
