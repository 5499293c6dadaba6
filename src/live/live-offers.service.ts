import { Injectable } from '@nestjs/common';
import type { Fact } from '../facts/fact-map.js';
import { OnFactEverywhere } from '../facts/facts.decorators.js';
import type {} from '../waitlist/waitlist.facts.js';
import { LiveSessions } from './live-sessions.service.js';

/** Tells people who wait what is offered to them, after commit. */
@Injectable()
export class LiveOffers {
  constructor(private readonly sessions: LiveSessions) {}

  @OnFactEverywhere('waitlist.offered')
  onOffer({ streamId, eventId, data }: Fact<'waitlist.offered'>): void {
    const { userId, bookingId, quantity, expiresAt } = data;
    this.sessions.tell(userId, 'waitlist.offer', {
      entryId: streamId,
      eventId: eventId!,
      bookingId,
      quantity,
      expiresAt: new Date(expiresAt).toISOString(),
    });
  }
}
