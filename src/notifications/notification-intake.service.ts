import { Injectable } from '@nestjs/common';
import { type BookingProgress, BookingsService } from '../bookings/bookings.service.js';
import type { Tx } from '../database/tx.js';
import type { AnyFact, Fact } from '../facts/fact-map.js';
import { OnFact } from '../facts/facts.decorators.js';
import { Facts } from '../facts/facts.service.js';
import { EventNotices } from './event-notices.service.js';
import type { Kind } from './notification.kinds.js';
import { causeOf } from './notification.rules.js';
import { NotificationsRepository } from './notifications.repository.js';
import { type News, Notifier } from './notifier.service.js';

const HANDLED = [
  'booking.confirmed',
  'booking.restored',
  'booking.replaced',
  'booking.expired',
  'refund.succeeded',
  'refund.refused',
  'payment.voided',
  'waitlist.offered',
  'waitlist.expired',
  'waitlist.closed',
  'ticket.transferred',
  'event.cancelled',
  'event.updated',
  'account.erased',
] as const;

type Handled = Fact<(typeof HANDLED)[number]>;
type BookingNews = Fact<'booking.confirmed' | 'booking.restored' | 'booking.replaced' | 'booking.expired'>;
type MoneyBack = Fact<'refund.succeeded' | 'refund.refused' | 'payment.voided'>;
type WaitlistNews = Fact<'waitlist.offered' | 'waitlist.expired' | 'waitlist.closed'>;

/** Turns facts about one person's affairs into what this person is told. */
@Injectable()
export class NotificationIntake {
  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly bookings: BookingsService,
    private readonly notifier: Notifier,
    private readonly notices: EventNotices,
    private readonly facts: Facts,
  ) {}

  /** One reader for all kinds: each looks through every fact there is. */
  @OnFact(HANDLED, { name: 'notifications', from: 'now' })
  take(tx: Tx, fact: Handled): Promise<void> {
    switch (fact.type) {
      case 'booking.confirmed':
      case 'booking.restored':
      case 'booking.replaced':
      case 'booking.expired':
        return this.onBooking(tx, fact);
      case 'refund.succeeded':
      case 'refund.refused':
      case 'payment.voided':
        return this.onMoney(tx, fact);
      case 'waitlist.offered':
      case 'waitlist.expired':
      case 'waitlist.closed':
        return this.onWaitlist(tx, fact);
      case 'ticket.transferred':
        return this.onTicket(tx, fact);
      case 'event.cancelled':
      case 'event.updated':
        return this.notices.onEvent(tx, fact);
      case 'account.erased':
        return this.notifications.erase(tx, fact.streamId);
    }
  }

  private async onBooking(tx: Tx, fact: BookingNews): Promise<void> {
    const booking = await this.booking(fact.streamId);
    if (fact.type === 'booking.expired' && (await this.wasOffer(tx, booking))) return;
    await this.tellBuyer(tx, fact, booking, fact.type);
  }

  private async onMoney(tx: Tx, fact: MoneyBack): Promise<void> {
    const { bookingId, amount, currency } = fact.data;
    const booking = await this.booking(bookingId);
    const kind = moneyKind(fact.type, booking);
    if (!kind) return;
    const partial = booking.status === 'confirmed';
    await this.tellBuyer(tx, fact, booking, kind, { amount, currency, partial });
  }

  private async onWaitlist(tx: Tx, fact: WaitlistNews): Promise<void> {
    const about: Omit<News, 'event'> = { kind: fact.type, cause: causeOf(fact) };
    await this.notifier.tellAbout(tx, fact.eventId!, [fact.data.userId], { ...about, ...offerOf(fact) });
  }

  private async onTicket(tx: Tx, fact: Fact<'ticket.transferred'>): Promise<void> {
    const about: Omit<News, 'event'> = { kind: fact.type, cause: causeOf(fact) };
    await this.notifier.tellAbout(tx, fact.eventId!, [fact.data.from], about);
  }

  /** An offer nobody has accepted: the line says that it is over. */
  private async wasOffer(tx: Tx, { userId, id }: BookingProgress): Promise<boolean> {
    if (!(await this.notifications.existsFor(tx, userId, id, 'waitlist.offered'))) return false;
    return !(await this.facts.history('booking', id)).some(({ type }) => type === 'booking.accepted');
  }

  private async booking(id: string): Promise<BookingProgress> {
    const [booking] = await this.bookings.progress([id]);
    return booking!;
  }

  private tellBuyer(
    tx: Tx,
    fact: AnyFact,
    { id, eventId, userId, code }: BookingProgress,
    kind: Kind,
    data: News['data'] = {},
  ): Promise<void> {
    return this.notifier.tellAbout(tx, eventId, [userId], {
      kind,
      cause: causeOf(fact),
      bookingId: id,
      data: { code, ...data },
    });
  }
}

/** A payment is also voided when its buyer begins another one: that is no news as long as the booking goes on. */
function moneyKind(type: MoneyBack['type'], { status }: BookingProgress): Kind | undefined {
  if (type === 'refund.refused') return 'refund.delayed';
  const lost = status === 'expired' || status === 'released';
  if (type === 'refund.succeeded') return lost ? 'payment.returned' : 'booking.cancelled';
  return lost || status === 'cancelled' ? 'payment.returned' : undefined;
}

function offerOf(fact: WaitlistNews): Partial<News> {
  if (fact.type !== 'waitlist.offered') return {};
  const { bookingId, quantity, expiresAt } = fact.data;
  const until = new Date(expiresAt);
  return { bookingId, usefulUntil: until, data: { quantity, expiresAt: until.toISOString() } };
}
