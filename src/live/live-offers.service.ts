import { Injectable } from '@nestjs/common';
import type { Fact } from '../platform/facts/fact-map.js';
import { OnFactEverywhere } from '../platform/facts/facts.decorators.js';
import type {} from '../waitlist/waitlist.facts.js';
import { LiveSessionsService } from './live-sessions.service.js';

/** Tells people who wait what is offered to them, after commit. */
@Injectable()
export class LiveOffersService {
  constructor(private readonly sessions: LiveSessionsService) {}

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
