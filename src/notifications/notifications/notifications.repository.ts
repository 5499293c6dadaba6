import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, LessThan, Repository } from 'typeorm';
import { now } from '../../platform/database/clock.js';
import { DatabaseService } from '../../platform/database/database.service.js';
import type { Tx } from '../../platform/database/tx.js';
import { NotificationEntity } from './notification.entity.js';
import type { Kind, NotificationData } from './notification.kinds.js';
import { PreferenceEntity } from './preference.entity.js';

export type NotificationRecord = Omit<NotificationEntity, 'cause' | 'shown'>;

export interface NewNotifications {
  readonly kind: Kind;
  readonly cause: string;
  readonly eventId: string;
  readonly bookingId: string | null;
  readonly data: NotificationData;
}

/** Notification created for one person. */
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
  constructor(
    @InjectRepository(NotificationEntity) private readonly notifications: Repository<NotificationEntity>,
    private readonly database: DatabaseService,
  ) {}

  /**
   * Makes the same notification for each of these people, as far as they live and have not had it. Their accounts are
   * locked against erasure, which would leave it behind.
   * @param mail to whom it goes by mail as well: to accounts that have said nothing about it, and to customers of shops who
   * gave an address. Only accounts have a list.
   */
  async insert(
    tx: Tx,
    to: readonly { userId: string; id: string }[],
    { kind, cause, eventId, bookingId, data }: NewNotifications,
    mail: { byDefault: boolean; toCustomers: boolean },
  ): Promise<Made[]> {
    return tx.query(
      `WITH person AS (
         SELECT u.id AS user_id, r.id, u.kind = 'account' AND coalesce(p.in_app, true) AS shown,
                CASE u.kind WHEN 'account' THEN coalesce(p.mail, $8) ELSE $9 AND u.contact_email IS NOT NULL END AS mail
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
        mail.byDefault,
        mail.toCustomers,
      ],
    );
  }

  /** Newest first, without those that their person did not want in the list. */
  page(userId: string, unread: boolean, limit: number, before: string | null): Promise<NotificationRecord[]> {
    return this.notifications.find({
      where: {
        userId,
        shown: true,
        ...(unread && { readAt: IsNull() }),
        ...(before !== null && { id: LessThan(before) }),
      },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  countUnread(userId: string): Promise<number> {
    return this.notifications.countBy({ userId, shown: true, readAt: IsNull() });
  }

  find(userId: string, id: string): Promise<NotificationRecord | null> {
    return this.notifications.findOneBy({ userId, id });
  }

  /** Notifications among `ids` that this person is shown. */
  findShown(userId: string, ids: readonly string[]): Promise<NotificationRecord[]> {
    return this.notifications.find({ where: { userId, id: In(ids), shown: true }, order: { id: 'ASC' } });
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
    const unread = { userId, shown: true, readAt: IsNull() };
    return (await this.notifications.update(unread, { readAt: now })).affected ?? 0;
  }

  existsFor(tx: Tx, userId: string, bookingId: string, kind: Kind): Promise<boolean> {
    return tx.existsBy(NotificationEntity, { userId, bookingId, kind });
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.delete(NotificationEntity, { userId });
    await tx.delete(PreferenceEntity, { userId });
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
