import { Injectable } from '@nestjs/common';
import { type EventRecord, EventsService, markedTitle } from '../../events/events.service.js';
import { newId } from '../../platform/common/ids.js';
import type { Tx } from '../../platform/database/tx.js';
import { FactsService } from '../../platform/facts/facts.service.js';
import { MailService } from '../../platform/mail/mail.service.js';
import { KINDS, type Kind, type NotificationData } from './notification.kinds.js';
import { isTicketMail } from './notification.rules.js';
import { type Made, NotificationsRepository } from './notifications.repository.js';

declare module '../../platform/mail/mail-map.js' {
  interface MailMap {
    notification: { id: string };
  }
}

export interface News {
  readonly kind: Kind;
  /** Cause of the news; nobody is told of the same cause twice. */
  readonly cause: string;
  readonly event: Pick<EventRecord, 'id' | 'title' | 'sandbox' | 'startsAt' | 'timezone'>;
  readonly bookingId?: string;
  readonly data?: Omit<NotificationData, 'title' | 'startsAt' | 'timezone'>;
  /** Worth no mail afterwards. */
  readonly usefulUntil?: Date;
}

const BATCH_PEOPLE = 1_000;

/** Tells people something: in the list, by mail, and over the socket after commit. */
@Injectable()
export class NotifierService {
  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly mail: MailService,
    private readonly facts: FactsService,
    private readonly events: EventsService,
  ) {}

  /** As `tell`, about an event of which only the id is at hand. */
  async tellAbout(
    tx: Tx,
    eventId: string,
    people: readonly string[],
    news: Omit<News, 'event'>,
  ): Promise<void> {
    await this.tell(tx, people, { ...news, event: await this.events.find(eventId) });
  }

  /** @param people ids of accounts; those that are erased, or know already, are left out */
  async tell(tx: Tx, people: readonly string[], news: News): Promise<void> {
    const { kind, cause, event, bookingId = null } = news;
    const { id: eventId, startsAt, timezone } = event;
    const data = { title: markedTitle(event), startsAt: startsAt.toISOString(), timezone, ...news.data };
    for (let from = 0; from < people.length; from += BATCH_PEOPLE) {
      const to = people.slice(from, from + BATCH_PEOPLE).map((userId) => ({ userId, id: newId() }));
      const made = await this.notifications.insert(
        tx,
        to,
        { kind, cause, eventId, bookingId, data },
        { byDefault: KINDS[kind].mail, toCustomers: isTicketMail(kind) },
      );
      await this.queueMails(tx, made, people.length > 1, news.usefulUntil);
      await this.announce(tx, made, kind, eventId);
    }
  }

  private queueMails(tx: Tx, made: readonly Made[], bulk: boolean, usefulUntil?: Date): Promise<void> {
    const wanted = made.filter(({ mail }) => mail);
    return this.mail.queue(
      tx,
      ...wanted.map(({ userId, id }) => ({
        kind: 'notification' as const,
        userId,
        data: { id },
        bulk,
        ...(usefulUntil && { usefulUntil }),
      })),
    );
  }

  private async announce(tx: Tx, made: readonly Made[], kind: Kind, eventId: string): Promise<void> {
    const to = made.filter(({ shown }) => shown).map(({ userId, id }): [string, string] => [userId, id]);
    const first = to[0];
    if (!first) return;
    await this.facts.append(tx, {
      stream: 'notification',
      streamId: first[1],
      eventId,
      version: 1,
      type: 'notification.created',
      data: { kind, to },
    });
  }
}
