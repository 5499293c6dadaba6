import { Injectable } from '@nestjs/common';
import { BookingsService } from '../bookings/bookings.service.js';
import { PlaceNamesService } from '../bookings/place-names.service.js';
import { type Principal, type Reader, reaches } from '../platform/access/principal.js';
import { DomainError } from '../platform/common/domain-error.js';
import { newCode, newId } from '../platform/common/ids.js';
import { readPageById } from '../platform/common/pages.js';
import { FactsService } from '../platform/facts/facts.service.js';
import { TicketKeysService } from './codes/ticket-keys.service.js';
import { ticketStatus } from './ticket.rules.js';
import { type TicketRecord, TicketsRepository } from './tickets.repository.js';
import type { Ticket, TicketPage, TicketQuery } from './tickets.schemas.js';

/** Tickets, which let people in. */
@Injectable()
export class TicketsService {
  constructor(
    private readonly tickets: TicketsRepository,
    private readonly bookings: BookingsService,
    private readonly names: PlaceNamesService,
    private readonly keys: TicketKeysService,
    private readonly facts: FactsService,
  ) {}

  /** Gives every sold item of a booking its ticket. Repeating it changes nothing. */
  async issue(eventId: string, bookingId: string): Promise<void> {
    const missing = await this.tickets.missing(eventId, bookingId);
    if (missing.length === 0) return;
    const made = missing.map((itemId) => ({ id: newId(), itemId, code: newCode() }));
    await this.tickets.issue(eventId, bookingId, made);
    this.facts.nudge();
  }

  /**
   * Whether these items may be given back; absent for all of the booking.
   * Errors: for a buyer `ticket_transferred` when somebody else holds one of the tickets, `ticket_used` when one was
   * checked in.
   */
  async assertReturnable(
    eventId: string,
    bookingId: string,
    items: readonly string[] | undefined,
    by: 'buyer' | 'organizer',
  ): Promise<void> {
    const tickets = (await this.tickets.ofBooking(eventId, bookingId)).filter(
      ({ itemId, itemStatus }) =>
        itemStatus === 'confirmed' && (items === undefined || items.includes(itemId)),
    );
    const named = (some: TicketRecord[]) => ({ extra: { tickets: some.map(({ id }) => id) } });
    const gone = tickets.filter(({ holderId, buyerId }) => holderId !== buyerId);
    if (by === 'buyer' && gone.length > 0) throw new DomainError('ticket_transferred', named(gone));
    const used = tickets.filter(({ checkedInAt }) => checkedInAt);
    if (used.length > 0) throw new DomainError('ticket_used', named(used));
  }

  /** Tickets of a booking, for its buyer. Errors: `not_found`. */
  async ofBooking(user: Reader, bookingId: string): Promise<{ data: Ticket[] }> {
    const { eventId } = await this.bookings.findOwn(user, bookingId);
    return { data: await this.toBodies(user, await this.tickets.ofBooking(eventId, bookingId)) };
  }

  /** Bookings of which this person has, or had bought, tickets for an event. */
  bookingsOf(userId: string, eventId: string): Promise<string[]> {
    return this.tickets.bookingsOf(eventId, userId);
  }

  /** Tickets of a booking as one who holds some of them, or bought them, sees them. */
  async ofPerson(user: Reader, eventId: string, bookingId: string): Promise<Ticket[]> {
    const all = await this.tickets.ofBooking(eventId, bookingId);
    return this.toBodies(
      user,
      all.filter(({ holderId, buyerId }) => holderId === user.id || buyerId === user.id),
    );
  }

  /** Tickets that the caller holds, bought or received from others, newest first. Errors: `invalid_cursor`. */
  async list(user: Principal, query: TicketQuery): Promise<TicketPage> {
    const page = await readPageById(query, (count, before) => this.tickets.ofHolder(user.id, count, before));
    return { ...page, data: await this.toBodies(user, page.data) };
  }

  /** For its holder and its buyer. Errors: `not_found`. */
  async read(user: Reader, id: string): Promise<Ticket> {
    const found = await this.tickets.find(id);
    if (!found || !reaches(user, found.eventId) || (found.holderId !== user.id && found.buyerId !== user.id))
      throw new DomainError('not_found', { detail: 'There is no such ticket of yours.' });
    return (await this.toBodies(user, [found]))[0]!;
  }

  /** The ticket, if the caller holds it. Errors: `not_found`. */
  async held(user: Principal, id: string): Promise<TicketRecord> {
    const found = await this.tickets.find(id);
    if (found?.holderId !== user.id)
      throw new DomainError('not_found', { detail: 'There is no such ticket of yours.' });
    return found;
  }

  private async toBodies(
    { id: viewer, locale }: Reader,
    tickets: readonly TicketRecord[],
  ): Promise<Ticket[]> {
    const names = await this.names.ofAll(tickets.map(({ eventId }) => eventId));
    return tickets.map((ticket) => {
      const { eventId, n, area, generation, checkedInAt } = ticket;
      const status = ticketStatus(ticket, viewer);
      const good = status === 'valid' || status === 'used';
      return {
        id: ticket.id,
        code: ticket.holderId === viewer ? ticket.code : null,
        status,
        eventId,
        bookingId: ticket.bookingId,
        bookingCode: ticket.bookingCode,
        itemId: ticket.itemId,
        ...names.get(eventId)!.of(n, area, locale),
        price: ticket.price,
        currency: ticket.currency,
        token: good ? this.keys.sign({ eventId, ticketId: ticket.id, generation }) : null,
        checkedInAt: checkedInAt?.toISOString() ?? null,
        issuedAt: ticket.issuedAt.toISOString(),
      };
    });
  }
}
