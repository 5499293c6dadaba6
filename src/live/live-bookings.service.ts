import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { BookingsService } from '../bookings/bookings.service.js';
import type {} from '../payments/payments/payments.facts.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import type { Fact } from '../platform/facts/fact-map.js';
import { OnFactEverywhere } from '../platform/facts/facts.decorators.js';
import { LiveSessionsService } from './live-sessions.service.js';

type BookingFact = Fact<Extract<Fact['type'], `booking.${string}`> | 'payment.captured'>;

const BUYERS_REMEMBERED = 50_000;

/**
 * Tells buyers how far their bookings are, after commit. Facts only say whom to tell; what is told is read a tick
 * later, in one query for all.
 */
@Injectable()
export class LiveBookingsService implements OnApplicationShutdown {
  private readonly log = new Logger(LiveBookingsService.name);
  /** Booking → buyer; only the first fact of a booking names him. */
  private readonly buyers = new LRUCache<string, string>({ max: BUYERS_REMEMBERED });
  private readonly changed = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly bookings: BookingsService,
    private readonly sessions: LiveSessionsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @OnFactEverywhere(['booking.*', 'payment.captured'])
  onBooking(fact: BookingFact): void {
    if (fact.type === 'booking.held') this.buyers.set(fact.streamId, fact.data.userId);
    if (!this.sessions.someoneIsHere) return;
    const bookingId = fact.type === 'payment.captured' ? fact.data.bookingId : fact.streamId;
    const buyer = this.buyers.get(bookingId);
    if (buyer !== undefined && !this.sessions.isHere(buyer, fact.eventId)) return;
    this.changed.add(bookingId);
    this.timer ??= setTimeout(() => void this.tell(), this.config.live.tickMs);
  }

  onApplicationShutdown(): void {
    clearTimeout(this.timer);
  }

  private async tell(): Promise<void> {
    this.timer = undefined;
    const ids = [...this.changed];
    this.changed.clear();
    try {
      for (const { id, eventId, userId, code, status, expiresAt } of await this.bookings.progress(ids)) {
        this.buyers.set(id, userId);
        const waits = status === 'held' || status === 'paying';
        const news = { id, eventId, code, status, expiresAt: waits ? expiresAt.toISOString() : null };
        this.sessions.tell(userId, 'booking.changed', news, eventId);
      }
    } catch (error) {
      this.log.warn(
        { err: error, bookings: ids.length },
        'Booking changes could not be sent to their buyers',
      );
    }
  }
}
