import { Inject, Injectable } from '@nestjs/common';
import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import qrcode from 'qrcode';
import { AccountsService } from '../accounts/accounts.service.js';
import type { Principal } from '../auth/principal.js';
import { DomainError } from '../common/domain-error.js';
import { formatInstant, formatMoney, type Locale } from '../common/locale.js';
import { CONFIG, type Config } from '../config/config.js';
import { type EventRecord, EventsService } from '../events/events.service.js';
import { VenuesService } from '../venues/venues.service.js';
import { type PrintedTicket, ticketPdf } from './ticket-page.js';
import { WORDS } from './ticket-words.js';
import type { Ticket } from './tickets.schemas.js';
import { TicketsService } from './tickets.service.js';

/** Middling correction: readable with a fold or a stain, in 45 × 45 modules. The quiet zone is the standard's four. */
const QR_OPTIONS = { errorCorrectionLevel: 'M', margin: 4 } as const;

/** Tickets as pictures, pages and calendar entries. */
@Injectable()
export class TicketDocuments {
  constructor(
    private readonly tickets: TicketsService,
    private readonly events: EventsService,
    private readonly venues: VenuesService,
    private readonly accounts: AccountsService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The QR code of a good ticket. Errors: `not_found`, `ticket_cancelled`, `ticket_transferred`. */
  async png(user: Principal, id: string): Promise<Buffer> {
    return printQr(tokenOf(await this.tickets.read(user, id)));
  }

  /** As a scalable picture. Errors: those of `png`. */
  async svg(user: Principal, id: string): Promise<string> {
    return qrcode.toString(tokenOf(await this.tickets.read(user, id)), { ...QR_OPTIONS, type: 'svg' });
  }

  /** One page. Errors: those of `png`. */
  async pdf(user: Principal, id: string, locale: Locale): Promise<Buffer> {
    const ticket = await this.tickets.read(user, id);
    tokenOf(ticket);
    return this.pages(user, [ticket], locale);
  }

  /** A page for each good ticket that the caller holds. Errors: `not_found`, `no_tickets` when there is none. */
  async bookingPdf(user: Principal, bookingId: string, locale: Locale): Promise<Buffer> {
    const good = (await this.tickets.ofBooking(user, bookingId)).data.filter(({ token }) => token !== null);
    if (good.length === 0) throw new DomainError('no_tickets');
    return this.pages(user, good, locale);
  }

  /** The event as an entry for calendars; cancelled when the event or every ticket is. Errors: `not_found`, `no_tickets`. */
  async calendar(user: Pick<Principal, 'id'>, bookingId: string, locale: Locale): Promise<string> {
    const { data } = await this.tickets.ofBooking(user, bookingId);
    const [first] = data;
    if (!first) throw new DomainError('no_tickets');
    const event = await this.events.find(first.eventId);
    const venue = await this.venues.find(event.venueId);
    const good = data.filter(({ status }) => status !== 'cancelled');
    const off = event.status === 'cancelled' || good.length === 0;
    const words = WORDS[locale];
    const calendar = ical({
      prodId: { company: 'Evently', product: 'Tickets' },
      method: off ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH,
    });
    calendar.createEvent({
      id: `booking-${bookingId}@${new URL(this.config.publicUrl).hostname}`,
      // Grows with each change of the event, so that calendars take the newer entry.
      sequence: event.version + (off ? 1 : 0),
      start: event.startsAt,
      end: event.endsAt,
      stamp: event.updatedAt,
      summary: event.title,
      location: `${venue.name}, ${venue.address}, ${venue.city}`,
      description: `${words.tickets}: ${good.map(placeOf).join(', ')}\n${formatInstant(event.startsAt, event.timezone, locale)}`,
      status: off ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    });
    return calendar.toString();
  }

  private async pages(user: Principal, tickets: readonly Ticket[], locale: Locale): Promise<Buffer> {
    const event = await this.events.find(tickets[0]!.eventId);
    const [venue, { name }] = await Promise.all([
      this.venues.find(event.venueId),
      this.accounts.find(user.id),
    ]);
    const address = [venue.name, `${venue.address}, ${venue.city}`];
    const printed = await Promise.all(
      tickets.map((ticket) => this.printed(ticket, event, address, name, locale)),
    );
    return ticketPdf(printed, event.title);
  }

  private async printed(
    ticket: Ticket,
    event: EventRecord,
    venue: string[],
    name: string,
    locale: Locale,
  ): Promise<PrintedTicket> {
    const words = WORDS[locale];
    return {
      title: event.title,
      date: formatInstant(event.startsAt, event.timezone, locale),
      venue,
      place: [ticket.seat ? words.seat : words.area, placeOf(ticket)],
      facts: [
        [words.name, name],
        [words.price, formatMoney(ticket.price, ticket.currency, locale)],
        [words.booking, ticket.bookingCode],
      ],
      code: ticket.code,
      terms: words.terms,
      qr: await printQr(ticket.token!),
    };
  }
}

const placeOf = ({ seat, area }: Ticket): string => seat?.label ?? area ?? '';

const printQr = (token: string): Promise<Buffer> =>
  qrcode.toBuffer(token, { ...QR_OPTIONS, type: 'png', scale: 8 });

function tokenOf({ token, status }: Ticket): string {
  if (token !== null) return token;
  throw new DomainError(status === 'transferred' ? 'ticket_transferred' : 'ticket_cancelled');
}
