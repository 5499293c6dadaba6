import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { PlaceNamesService } from '../bookings/place-names.service.js';
import { DomainError } from '../common/domain-error.js';
import { EventsService } from '../events/events.service.js';
import { Facts } from '../facts/facts.service.js';
import { CheckInRepository } from './check-in.repository.js';
import { gateRefusal } from './ticket.rules.js';
import { TicketKeys } from './ticket-keys.service.js';
import { type TicketRecord, TicketsRepository } from './tickets.repository.js';
import type { Attendance, Scan, Scanned } from './tickets.schemas.js';

/** The gates of an event, for its organizer. */
@Injectable()
export class CheckInService {
  constructor(
    private readonly events: EventsService,
    private readonly tickets: TicketsRepository,
    private readonly checkIns: CheckInRepository,
    private readonly keys: TicketKeys,
    private readonly names: PlaceNamesService,
    private readonly facts: Facts,
  ) {}

  /**
   * Lets the holder of a ticket in, once.
   * Errors: `not_found` (no event of the caller's), `event_not_on_sale`, `event_cancelled`, `ticket_not_genuine`,
   * `ticket_of_another_event`, `ticket_unknown`, `ticket_cancelled`, `ticket_transferred`, `already_checked_in` with
   * `checkedInAt` and `gate`.
   */
  async enter(user: Principal, eventId: string, scan: Scan): Promise<Scanned> {
    await this.assertOpen(user, eventId);
    const { ticket, generation } = await this.identify(eventId, scan);
    const at = await this.checkIns.enter(eventId, ticket.id, generation, scan.gate, user.id);
    if (at) {
      this.facts.nudge();
      return this.print({ ...ticket, checkedInAt: at, gate: scan.gate });
    }
    const now = (await this.tickets.find(ticket.id))!;
    const code = gateRefusal(now, generation);
    const { checkedInAt, gate } = await this.print(now);
    throw new DomainError(code, code === 'already_checked_in' ? { extra: { checkedInAt, gate } } : {});
  }

  /** Takes a scan back, so that the ticket is good again. Errors: those of `enter`, and `not_checked_in`. */
  async leave(user: Principal, eventId: string, scan: Scan): Promise<Scanned> {
    await this.assertOpen(user, eventId);
    const { ticket } = await this.identify(eventId, scan);
    if (!(await this.checkIns.leave(eventId, ticket.id, scan.gate, user.id)))
      throw new DomainError('not_checked_in');
    this.facts.nudge();
    return this.print({ ...ticket, checkedInAt: null, gate: null });
  }

  /** Errors: `not_found`. */
  async attendance(user: Principal, eventId: string): Promise<Attendance> {
    await this.events.findOwned(user, eventId);
    const counts = await this.checkIns.count(eventId);
    const gates = counts.flatMap(({ gate, tickets }) => (gate === null ? [] : { gate, checkedIn: tickets }));
    return {
      expected: counts.reduce((sum, { tickets }) => sum + tickets, 0),
      checkedIn: gates.reduce((sum, { checkedIn }) => sum + checkedIn, 0),
      gates,
    };
  }

  private async assertOpen(user: Principal, eventId: string): Promise<void> {
    const { status } = await this.events.findOwned(user, eventId);
    if (status === 'draft') throw new DomainError('event_not_on_sale');
    if (status === 'cancelled') throw new DomainError('event_cancelled');
  }

  private async identify(
    eventId: string,
    { token, code }: Scan,
  ): Promise<{ ticket: TicketRecord; generation: number | undefined }> {
    if (token === undefined) {
      const ticket = await this.tickets.findByCode(eventId, code!.trim().toUpperCase());
      if (!ticket) throw new DomainError('ticket_unknown');
      return { ticket, generation: undefined };
    }
    const claims = this.keys.read(token);
    if (!claims) throw new DomainError('ticket_not_genuine');
    if (claims.eventId !== eventId) throw new DomainError('ticket_of_another_event');
    const ticket = await this.tickets.find(claims.ticketId);
    if (!ticket) throw new DomainError('ticket_unknown');
    return { ticket, generation: claims.generation };
  }

  private async print({ id, eventId, code, n, area, checkedInAt, gate }: TicketRecord): Promise<Scanned> {
    const { seats, areas } = await this.names.of(eventId);
    return {
      ticketId: id,
      code,
      seat: n === null ? null : { n, label: seats[n]! },
      area: area === null ? null : areas[area]!,
      checkedInAt: checkedInAt?.toISOString() ?? null,
      gate,
    };
  }
}
