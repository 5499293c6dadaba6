import { Injectable } from '@nestjs/common';
import { AccountsService } from '../../auth/accounts/accounts.service.js';
import { PlaceNamesService } from '../../bookings/place-names.service.js';
import { EventsService } from '../../events/events.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { CallResult } from '../../platform/common/call-result.js';
import { DomainError } from '../../platform/common/domain-error.js';
import type { IdempotentCall } from '../../platform/common/idempotent-call.js';
import { normalizeCode } from '../../platform/common/ids.js';
import { outcomeError } from '../../platform/common/outcome-error.js';
import { FactsService } from '../../platform/facts/facts.service.js';
import { TicketKeysService } from '../codes/ticket-keys.service.js';
import { TicketsRepository } from '../tickets.repository.js';
import type { Attendance, Scan, Scanned } from '../tickets.schemas.js';
import { CheckInRepository, type Refused, type ScannedTicket, type Scanning } from './check-in.repository.js';

/** The gates of an event, for its organizer. */
@Injectable()
export class CheckInService {
  constructor(
    private readonly events: EventsService,
    private readonly checkIns: CheckInRepository,
    private readonly tickets: TicketsRepository,
    private readonly accounts: AccountsService,
    private readonly keys: TicketKeysService,
    private readonly names: PlaceNamesService,
    private readonly facts: FactsService,
  ) {}

  /**
   * Lets the holder of a ticket in, once.
   * Errors: `not_found` (no event of the caller's), `event_not_on_sale`, `event_cancelled`, `ticket_not_genuine`,
   * `ticket_of_another_event`, `ticket_unknown`, `ticket_cancelled`, `ticket_transferred`, `already_checked_in` with
   * `checkedInAt`, `gate` and the `ticket` as the first scan left it, `idempotency_*`.
   */
  enter(
    user: Principal,
    eventId: string,
    scan: Scan,
    call: IdempotentCall | undefined,
  ): Promise<CallResult<Scanned>> {
    return this.scan(user, eventId, scan, true, call);
  }

  /**
   * Takes a scan back, so that the ticket is good again.
   * Errors: those of `enter`, and `not_checked_in` in place of `already_checked_in`.
   */
  leave(
    user: Principal,
    eventId: string,
    scan: Scan,
    call: IdempotentCall | undefined,
  ): Promise<CallResult<Scanned>> {
    return this.scan(user, eventId, scan, false, call);
  }

  /** Errors: `not_found`. */
  async attendance(user: Principal, eventId: string): Promise<Attendance> {
    await this.events.findFor(user, 'door', eventId);
    const counts = await this.checkIns.count(eventId);
    const gates = counts.flatMap(({ gate, tickets }) => (gate === null ? [] : { gate, checkedIn: tickets }));
    return {
      expected: counts.reduce((sum, { tickets }) => sum + tickets, 0),
      checkedIn: gates.reduce((sum, { checkedIn }) => sum + checkedIn, 0),
      gates,
    };
  }

  private async scan(
    user: Principal,
    eventId: string,
    scan: Scan,
    enter: boolean,
    call: IdempotentCall | undefined,
  ): Promise<CallResult<Scanned>> {
    const { status } = await this.events.findFor(user, 'door', eventId);
    if (status === 'draft') throw new DomainError('event_not_on_sale');
    const ticket = this.identify(eventId, scan);
    const { gate } = scan;
    const result = await this.checkIns.scan({ eventId, ticket, enter, gate }, user.id, call);
    if (result.answer === undefined) throw await this.refusal(user, eventId, ticket, result);
    const replayed = result.outcome === 'replay';
    if (!replayed) this.facts.nudge();
    return new CallResult(await this.toBody(user, eventId, result.answer), { replayed });
  }

  private identify(eventId: string, { token, code }: Scan): Scanning['ticket'] {
    if (token === undefined) return { code: normalizeCode(code!) };
    const claims = this.keys.read(token);
    if (!claims) throw new DomainError('ticket_not_genuine');
    if (claims.eventId !== eventId) throw new DomainError('ticket_of_another_event');
    return { id: claims.ticketId, generation: claims.generation };
  }

  private async toBody(
    { locale }: Principal,
    eventId: string,
    { id, code, n, area, at, gate }: ScannedTicket,
  ): Promise<Scanned> {
    const [names, ticket, sandbox] = await Promise.all([
      this.names.of(eventId),
      this.tickets.find(id),
      this.events.isSandbox(eventId),
    ]);
    const { bookingCode, holderId } = ticket!;
    return {
      ticketId: id,
      code,
      bookingCode,
      holder: await this.accounts.nameOf(holderId),
      ...names.of(n, area, locale),
      checkedInAt: at === null ? null : new Date(at).toISOString(),
      gate,
      sandbox,
    };
  }

  /** A ticket that was used before is named, so that those at the gate can ask whose it is. */
  private async refusal(
    user: Principal,
    eventId: string,
    ticket: Scanning['ticket'],
    { outcome, at, gate }: Refused,
  ): Promise<DomainError> {
    if (outcome !== 'already_checked_in') return outcomeError(outcome);
    const id = 'id' in ticket ? ticket.id : await this.checkIns.idOf(eventId, ticket.code);
    const used = id === undefined ? undefined : await this.tickets.find(id);
    const checkedInAt = new Date(at).toISOString();
    const body = used && (await this.toBody(user, eventId, { ...used, at, gate }));
    return new DomainError(outcome, { extra: { checkedInAt, gate, ...(body && { ticket: body }) } });
  }
}
