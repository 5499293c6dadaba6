import { Injectable } from '@nestjs/common';
import { newId } from '../common/ids.js';
import type { Tx } from '../database/tx.js';
import { type EventRecord, EventsService } from '../events/events.service.js';
import { Facts } from '../facts/facts.service.js';
import { MailService } from '../mail/mail.service.js';
import { KINDS, type Kind, type NotificationData } from './notification.kinds.js';
import { type Made, NotificationsRepository } from './notifications.repository.js';

declare module '../mail/mail-map.js' {
  interface MailMap {
    notification: { id: string };
  }
}

export interface News {
  readonly kind: Kind;
  /** What it is told because of; nobody is told of it twice. */
  readonly cause: string;
  readonly event: Pick<EventRecord, 'id' | 'title' | 'startsAt' | 'timezone'>;
  readonly bookingId?: string;
  readonly data?: Omit<NotificationData, 'title' | 'startsAt' | 'timezone'>;
  /** Worth no mail afterwards. */
  readonly usefulUntil?: Date;
}

const PIECE = 1_000;

/** Tells people something: in the list, by mail, and over the socket after commit. */
@Injectable()
export class Notifier {
  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly mail: MailService,
    private readonly facts: Facts,
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
    const { id: eventId, title, startsAt, timezone } = event;
    const data = { title, startsAt: startsAt.toISOString(), timezone, ...news.data };
    for (let from = 0; from < people.length; from += PIECE) {
      const to = people.slice(from, from + PIECE).map((userId) => ({ userId, id: newId() }));
      const made = await this.notifications.insert(
        tx,
        to,
        { kind, cause, eventId, bookingId, data },
        KINDS[kind].mail,
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
