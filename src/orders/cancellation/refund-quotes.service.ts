import { Injectable } from '@nestjs/common';
import { type BookingRecord, BookingsService } from '../../bookings/bookings.service.js';
import { RefundPoliciesService, type RefundTerms } from '../../events/refund-policies.service.js';
import { FULL_UNTIL_START } from '../../events/refund-policy.schemas.js';
import { PaymentsService } from '../../payments/payments/payments.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { TicketsService } from '../../tickets/tickets.service.js';
import type { RefundQuote } from './cancellation.schemas.js';
import { type RefundRules, refundFor, refundHoldsUntil } from './refund.rules.js';

export interface Offer {
  readonly booking: BookingRecord;
  /** For every item of the booking, whatever its state. Minor units. */
  readonly offer: readonly { readonly id: string; readonly price: number; readonly amount: number }[];
  readonly rules: RefundRules;
  readonly now: Date;
}

/** Amounts refunded for returned tickets. */
@Injectable()
export class RefundQuotesService {
  constructor(
    private readonly bookings: BookingsService,
    private readonly policies: RefundPoliciesService,
    private readonly tickets: TicketsService,
    private readonly payments: PaymentsService,
  ) {}

  /**
   * Refund that applies now, by the database's clock. A buyer gets the better of the event's present policy and the
   * policy in force when the booking was made; a cancellation by an organizer or administrator refunds everything.
   * Errors: `not_found`, `event_started`, `event_ended`, `ticket_used`, and for buyers `ticket_transferred`.
   */
  async offer(user: Principal, bookingId: string, items?: readonly string[]): Promise<Offer> {
    const booking = await this.bookings.find(user, bookingId, 'refunds');
    const terms = await this.policies.terms(booking.eventId, booking.createdAt);
    if (terms.status === 'cancelled')
      throw new DomainError('event_ended', {
        detail: 'It was cancelled: all its tickets are being refunded.',
      });
    if (terms.startsAt <= terms.now) throw new DomainError('event_started');
    const own = user.id === booking.userId;
    await this.tickets.assertReturnable(booking.eventId, bookingId, items, own ? 'buyer' : 'organizer');
    const rules = rulesFor(terms, own);
    const offer = booking.items.map(([id, , , , price]) => ({
      id,
      price,
      amount: refundFor(price, rules, terms.now),
    }));
    return { booking, offer, rules, now: terms.now };
  }

  /**
   * Refund as `offer` says, for the items that can still be cancelled, at most the amount not refunded before.
   * Errors: also `not_confirmed`, `items_not_confirmed`.
   */
  async quote(user: Principal, bookingId: string, asked?: readonly string[]): Promise<RefundQuote> {
    const { booking, offer, rules, now } = await this.offer(user, bookingId, asked);
    const live = new Set(booking.items.flatMap(([id, status]) => (status === 'confirmed' ? [id] : [])));
    if (live.size === 0) throw new DomainError('not_confirmed');
    if (asked?.some((id) => !live.has(id))) throw new DomainError('items_not_confirmed');
    const items = offer.filter(({ id }) => live.has(id) && (!asked || asked.includes(id)));
    const prices = items.map(({ price }) => price);
    const left = await this.payments.refundable(bookingId);
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    return {
      bookingId,
      currency: booking.currency,
      price: sum(prices),
      amount: Math.min(left, sum(items.map(({ amount }) => amount))),
      validUntil: refundHoldsUntil(prices, rules, now).toISOString(),
      items,
    };
  }
}

const rulesFor = ({ startsAt, policy, agreed }: RefundTerms, own: boolean): RefundRules => ({
  startsAt,
  policies: own ? [policy, agreed] : [FULL_UNTIL_START],
});
