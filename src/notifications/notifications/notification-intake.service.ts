import { Injectable } from '@nestjs/common';
import { type BookingProgress, BookingsService } from '../../bookings/bookings.service.js';
import { EventsService } from '../../events/events.service.js';
import { PaymentsService } from '../../payments/payments/payments.service.js';
import type { Tx } from '../../platform/database/tx.js';
import type { AnyFact, Fact } from '../../platform/facts/fact-map.js';
import { OnFact } from '../../platform/facts/facts.decorators.js';
import { FactsService } from '../../platform/facts/facts.service.js';
import { EventNoticesService } from './event-notices.service.js';
import type { Kind } from './notification.kinds.js';
import { causeOf, isPurchase } from './notification.rules.js';
import { NotificationsRepository } from './notifications.repository.js';
import { type News, NotifierService } from './notifier.service.js';

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
  'venue.updated',
  'account.erased',
] as const;

type Handled = Fact<(typeof HANDLED)[number]>;
type Sale = Fact<'booking.confirmed' | 'booking.restored' | 'booking.replaced'>;
type MoneyBack = Fact<'refund.succeeded' | 'refund.refused' | 'payment.voided'>;
type WaitlistNews = Fact<'waitlist.offered' | 'waitlist.expired' | 'waitlist.closed'>;

/** Turns facts about one person's bookings and money into notifications. */
@Injectable()
export class NotificationIntakeService {
  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly bookings: BookingsService,
    private readonly payments: PaymentsService,
    private readonly events: EventsService,
    private readonly notifier: NotifierService,
    private readonly notices: EventNoticesService,
    private readonly facts: FactsService,
  ) {}

  /** Handles all kinds in one reader, since each reader looks through every fact. */
  @OnFact(HANDLED, { name: 'notifications', from: 'now' })
  take(tx: Tx, fact: Handled): Promise<void> {
    switch (fact.type) {
      case 'booking.confirmed':
      case 'booking.restored':
      case 'booking.replaced':
        return this.onSale(tx, fact);
      case 'booking.expired':
        return this.onExpiry(tx, fact);
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
      case 'venue.updated':
        return this.notices.onVenue(tx, fact);
      case 'account.erased':
        return this.notifications.erase(tx, fact.streamId);
    }
  }

  /**
   * The seats are sold before the money moves, and the bank may still refuse: if there is a payment, its capture is the
   * news.
   */
  private async onSale(tx: Tx, fact: Sale): Promise<void> {
    if (await this.payments.latest(fact.streamId)) return;
    await this.tellBuyer(tx, fact, await this.booking(fact.streamId), fact.type);
  }

  /**
   * A separate reader: during a rolling restart the previous release may take over `notifications`, and it skips
   * payments, because it announces a sale before the money moves.
   */
  @OnFact(['payment.captured'], { name: 'sale-notifications', from: 'now' })
  async onPaid(tx: Tx, { data: { bookingId } }: Fact<'payment.captured'>): Promise<void> {
    const history = await this.facts.history('booking', bookingId);
    const sale = history.findLast((fact): fact is Sale => isPurchase(fact.type));
    if (sale) await this.tellBuyer(tx, sale, await this.booking(bookingId), sale.type);
  }

  private async onExpiry(tx: Tx, fact: Fact<'booking.expired'>): Promise<void> {
    const booking = await this.booking(fact.streamId);
    if (await this.wasOffer(tx, booking)) return;
    const { cancelledAt } = await this.events.find(booking.eventId);
    // The buyer is told that the event was cancelled, and not that the payment came too late.
    if (cancelledAt && cancelledAt <= fact.occurredAt) return;
    await this.tellBuyer(tx, fact, booking, fact.type);
  }

  private async onMoney(tx: Tx, fact: MoneyBack): Promise<void> {
    const { bookingId, amount, currency } = fact.data;
    const booking = await this.booking(bookingId);
    const kind = moneyKind(fact.type, booking);
    if (!kind) return;
    const partial = booking.status === 'confirmed';
    const why =
      kind === 'payment.returned'
        ? ((await this.callingOff(booking.eventId)) ??
          (booking.status === 'cancelled' ? { why: 'not_collected' as const } : {}))
        : {};
    await this.tellBuyer(tx, fact, booking, kind, { amount, currency, partial, ...why });
  }

  private async onWaitlist(tx: Tx, fact: WaitlistNews): Promise<void> {
    const news = {
      kind: fact.type,
      cause: causeOf(fact),
      ...(fact.type === 'waitlist.offered'
        ? offerOf(fact)
        : { data: (await this.callingOff(fact.eventId!)) ?? {} }),
    };
    await this.notifier.tellAbout(tx, fact.eventId!, [fact.data.userId], news);
  }

  /** Data for the notice that the event was cancelled. */
  private async callingOff(eventId: string): Promise<News['data'] | undefined> {
    const { status, cancellationReason: reason } = await this.events.find(eventId);
    if (status !== 'cancelled') return undefined;
    return { why: 'event_cancelled', ...(reason !== null && { reason }) };
  }

  private async onTicket(tx: Tx, fact: Fact<'ticket.transferred'>): Promise<void> {
    const about: Omit<News, 'event'> = { kind: fact.type, cause: causeOf(fact) };
    await this.notifier.tellAbout(tx, fact.eventId!, [fact.data.from], about);
  }

  /** True for an offer that nobody accepted: the waitlist tells that it is over. */
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

/** Kind of the news about returned money. A payment voided because its buyer began another one is no news. */
function moneyKind(type: MoneyBack['type'], { status }: BookingProgress): Kind | undefined {
  if (type === 'refund.refused') return 'refund.delayed';
  const lost = status === 'expired' || status === 'released';
  if (type === 'refund.succeeded') return lost ? 'payment.returned' : 'booking.cancelled';
  return lost || status === 'cancelled' ? 'payment.returned' : undefined;
}

function offerOf(fact: Fact<'waitlist.offered'>): Partial<News> {
  const { bookingId, quantity, expiresAt } = fact.data;
  const until = new Date(expiresAt);
  return { bookingId, usefulUntil: until, data: { quantity, expiresAt: until.toISOString() } };
}
