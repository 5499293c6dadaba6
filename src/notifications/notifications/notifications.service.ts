import { Injectable } from '@nestjs/common';
import { AccountsService } from '../../auth/accounts/accounts.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import type { Locale } from '../../platform/common/locale.js';
import { readPageById } from '../../platform/common/pages.js';
import { Every } from '../../platform/jobs/jobs.decorators.js';
import { textOf } from './notification.texts.js';
import { type NotificationRecord, NotificationsRepository } from './notifications.repository.js';
import type { NotificationBody, NotificationPage, NotificationQuery } from './notifications.schemas.js';

const KEPT_DAYS = 365;
const PURGE_BATCH_ROWS = 5_000;

/** Notifications as people read them. */
@Injectable()
export class NotificationsService {
  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly accounts: AccountsService,
  ) {}

  /** The caller's own, newest first, in the language of the account. Errors: `invalid_cursor`. */
  async list({ id }: Principal, query: NotificationQuery): Promise<NotificationPage> {
    const [page, unread, locale] = await Promise.all([
      readPageById(query, (count, before) => this.notifications.page(id, query.unread, count, before)),
      this.notifications.countUnread(id),
      this.locale(id),
    ]);
    return { ...page, data: page.data.map((row) => toBody(row, locale)), unread };
  }

  /** Reading it again changes nothing. Errors: `not_found`. */
  async markRead({ id: userId }: Principal, id: string): Promise<NotificationBody> {
    const row = await this.notifications.markRead(userId, id);
    if (!row) throw new DomainError('not_found', { detail: 'There is no such notification of yours.' });
    return toBody(row, await this.locale(userId));
  }

  async markAllRead({ id }: Principal): Promise<{ read: number }> {
    return { read: await this.notifications.markAllRead(id) };
  }

  /** Notifications among `ids` that this person is shown, oldest first, and the number of all unread ones. */
  async shown(
    userId: string,
    ids: readonly string[],
  ): Promise<{ notifications: NotificationBody[]; unread: number }> {
    const [rows, unread, locale] = await Promise.all([
      this.notifications.findShown(userId, ids),
      this.notifications.countUnread(userId),
      this.locale(userId),
    ]);
    return { notifications: rows.map((row) => toBody(row, locale)), unread };
  }

  @Every({ name: 'notifications.forget-old', seconds: 3_600 })
  async forgetOld(): Promise<void> {
    while ((await this.notifications.forget(KEPT_DAYS, PURGE_BATCH_ROWS)) === PURGE_BATCH_ROWS);
  }

  private async locale(userId: string): Promise<Locale> {
    return (await this.accounts.addressee(userId))?.locale ?? 'en';
  }
}

const toBody = (row: NotificationRecord, locale: Locale): NotificationBody => ({
  id: row.id,
  kind: row.kind,
  ...textOf(row.kind, row.data, locale),
  eventId: row.eventId,
  bookingId: row.bookingId,
  createdAt: row.createdAt.toISOString(),
  readAt: row.readAt?.toISOString() ?? null,
});
