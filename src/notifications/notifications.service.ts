import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AccountsService } from '../accounts/accounts.service.js';
import type { Principal } from '../auth/principal.js';
import { DomainError } from '../common/domain-error.js';
import type { Locale } from '../common/locale.js';
import { decodeCursor, encodeCursor } from '../common/schemas.js';
import { Every } from '../jobs/jobs.decorators.js';
import { textOf } from './notification.texts.js';
import { type NotificationRecord, NotificationsRepository } from './notifications.repository.js';
import type { NotificationBody, NotificationPage, NotificationQuery } from './notifications.schemas.js';

const KEPT_DAYS = 365;
const PIECE = 5_000;
const position = z.tuple([z.uuid()]);

/** What people have been told, as they read it. */
@Injectable()
export class NotificationsService {
  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly accounts: AccountsService,
  ) {}

  /** The caller's own, newest first, in the language of the account. Errors: `invalid_cursor`. */
  async list({ id }: Principal, { limit, cursor, unread }: NotificationQuery): Promise<NotificationPage> {
    const before = cursor === undefined ? null : decodeCursor(cursor, position)[0];
    const [rows, count, locale] = await Promise.all([
      this.notifications.page(id, unread, limit + 1, before),
      this.notifications.countUnread(id),
      this.locale(id),
    ]);
    const shown = rows.slice(0, limit);
    return {
      data: shown.map((row) => toBody(row, locale)),
      next: rows.length > limit ? encodeCursor([shown.at(-1)!.id]) : null,
      unread: count,
    };
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

  /** Of these, those that this person is shown, oldest first, and how many there are unread in all. */
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
    while ((await this.notifications.forget(KEPT_DAYS, PIECE)) === PIECE);
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
