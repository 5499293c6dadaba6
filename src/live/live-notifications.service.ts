import { Injectable, Logger } from '@nestjs/common';
import type {} from '../notifications/notifications/notifications.facts.js';
import { NotificationsService } from '../notifications/notifications/notifications.service.js';
import type { Fact } from '../platform/facts/fact-map.js';
import { OnFactEverywhere } from '../platform/facts/facts.decorators.js';
import { LiveSessionsService } from './live-sessions.service.js';

/** Hands people what they are told, after commit, on each replica where they have a socket. */
@Injectable()
export class LiveNotificationsService {
  private readonly log = new Logger(LiveNotificationsService.name);

  constructor(
    private readonly notifications: NotificationsService,
    private readonly sessions: LiveSessionsService,
  ) {}

  @OnFactEverywhere('notification.created')
  onCreated({ data }: Fact<'notification.created'>): void {
    if (!this.sessions.someoneIsHere) return;
    for (const [userId, id] of data.to) if (this.sessions.isHere(userId)) void this.tell(userId, id);
  }

  private async tell(userId: string, id: string): Promise<void> {
    try {
      const { notifications, unread } = await this.notifications.shown(userId, [id]);
      for (const notification of notifications)
        this.sessions.tell(userId, 'notification', { ...notification, unread });
    } catch (error) {
      this.log.warn(
        { err: error, notification: id },
        'A notification could not be sent to the sockets of its person',
      );
    }
  }
}
