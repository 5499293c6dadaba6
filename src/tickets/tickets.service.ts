import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Principal } from '../auth/principal.js';
import { BookingsService } from '../bookings/bookings.service.js';
import { PlaceNamesService } from '../bookings/place-names.service.js';
import { DomainError } from '../common/domain-error.js';
import { newCode, newId } from '../common/ids.js';
import { decodeCursor, encodeCursor } from '../common/schemas.js';
import { Facts } from '../facts/facts.service.js';
import { ticketStatus } from './ticket.rules.js';
import { TicketKeys } from './ticket-keys.service.js';
import { type TicketRecord, TicketsRepository } from './tickets.repository.js';
import type { Ticket, TicketPage, TicketQuery } from './tickets.schemas.js';

const position = z.tuple([z.uuid()]);

/** What lets a person in. */
@Injectable()
export class TicketsService {
  constructor(
    private readonly tickets: TicketsRepository,
    private readonly bookings: BookingsService,
    private readonly names: PlaceNamesService,
    private readonly keys: TicketKeys,
    private readonly facts: Facts,
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
   * Whether the buyer may give these items back; absent for all of the booking.
   * Errors: `ticket_transferred` when somebody else holds one of the tickets, `ticket_used` when one was checked in.
   */
  async assertReturnable(eventId: string, bookingId: string, items?: readonly string[]): Promise<void> {
    const tickets = (await this.tickets.ofBooking(eventId, bookingId)).filter(
      ({ itemId, itemStatus }) =>
        itemStatus === 'confirmed' && (items === undefined || items.includes(itemId)),
    );
    const named = (some: TicketRecord[]) => ({ extra: { tickets: some.map(({ id }) => id) } });
    const gone = tickets.filter(({ holderId, buyerId }) => holderId !== buyerId);
    if (gone.length > 0) throw new DomainError('ticket_transferred', named(gone));
    const used = tickets.filter(({ checkedInAt }) => checkedInAt);
    if (used.length > 0) throw new DomainError('ticket_used', named(used));
  }

  /** Of a booking, for its buyer. Errors: `not_found`. */
  async ofBooking(user: Pick<Principal, 'id'>, bookingId: string): Promise<{ data: Ticket[] }> {
    const { eventId } = await this.bookings.findOwn(user, bookingId);
    return { data: await this.print(user.id, await this.tickets.ofBooking(eventId, bookingId)) };
  }

  /** Those that the caller holds, bought or got from others, newest first. Errors: `invalid_cursor`. */
  async list(user: Principal, { limit, cursor }: TicketQuery): Promise<TicketPage> {
    const before = cursor === undefined ? null : decodeCursor(cursor, position)[0];
    const rows = await this.tickets.ofHolder(user.id, limit + 1, before);
    const shown = rows.slice(0, limit);
    return {
      data: await this.print(user.id, shown),
      next: rows.length > limit ? encodeCursor([shown.at(-1)!.id]) : null,
    };
  }

  /** For its holder and its buyer. Errors: `not_found`. */
  async read(user: Principal, id: string): Promise<Ticket> {
    const found = await this.tickets.find(id);
    if (!found || (found.holderId !== user.id && found.buyerId !== user.id))
      throw new DomainError('not_found', { detail: 'There is no such ticket of yours.' });
    return (await this.print(user.id, [found]))[0]!;
  }

  /** The ticket, if the caller holds it. Errors: `not_found`. */
  async held(user: Principal, id: string): Promise<TicketRecord> {
    const found = await this.tickets.find(id);
    if (found?.holderId !== user.id)
      throw new DomainError('not_found', { detail: 'There is no such ticket of yours.' });
    return found;
  }

  private async print(viewer: string, tickets: readonly TicketRecord[]): Promise<Ticket[]> {
    const names = await this.names.ofAll(tickets.map(({ eventId }) => eventId));
    return tickets.map((ticket) => {
      const { eventId, n, area, generation, checkedInAt } = ticket;
      const { seats, areas } = names.get(eventId)!;
      const status = ticketStatus(ticket, viewer);
      const good = status === 'valid' || status === 'used';
      return {
        id: ticket.id,
        code: ticket.code,
        status,
        eventId,
        bookingId: ticket.bookingId,
        bookingCode: ticket.bookingCode,
        itemId: ticket.itemId,
        seat: n === null ? null : { n, label: seats[n]! },
        area: area === null ? null : areas[area]!,
        price: ticket.price,
        currency: ticket.currency,
        token: good ? this.keys.sign({ eventId, ticketId: ticket.id, generation }) : null,
        checkedInAt: checkedInAt?.toISOString() ?? null,
        issuedAt: ticket.issuedAt.toISOString(),
      };
    });
  }
}
