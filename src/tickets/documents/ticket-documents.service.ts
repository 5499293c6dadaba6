import { Injectable } from '@nestjs/common';
import qrcode from 'qrcode';
import { AccountsService } from '../../auth/accounts/accounts.service.js';
import { EventsService, markedTitle } from '../../events/events.service.js';
import { inLanguage } from '../../house/house.schemas.js';
import { HouseService } from '../../house/house.service.js';
import { OrganisationsService } from '../../organisations/organisations.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { formatEventTimes } from '../../platform/common/event-times.js';
import { formatMoney, type Locale } from '../../platform/common/locale.js';
import { formatPlace, NO_BREAK_SPACE } from '../../platform/common/places.js';
import { visitLine } from '../../platform/common/visit.js';
import { VenuesService } from '../../venues/venues.service.js';
import type { Ticket } from '../tickets.schemas.js';
import { TicketsService } from '../tickets.service.js';
import { QR_OPTIONS, qrContent } from './qr-code.js';
import type { PrintedEvent, PrintedTicket } from './ticket-page.js';
import { TicketPrinterService } from './ticket-printer.service.js';
import { TicketSheetsService } from './ticket-sheets.service.js';
import { WORDS } from './ticket-words.js';

/** Tickets as pictures and pages. */
@Injectable()
export class TicketDocumentsService {
  constructor(
    private readonly tickets: TicketsService,
    private readonly events: EventsService,
    private readonly venues: VenuesService,
    private readonly accounts: AccountsService,
    private readonly organisations: OrganisationsService,
    private readonly house: HouseService,
    private readonly sheets: TicketSheetsService,
    private readonly printer: TicketPrinterService,
  ) {}

  /** The QR code of a good ticket. Errors: `not_found`, `ticket_cancelled`, `ticket_transferred`. */
  async png(user: Principal, id: string): Promise<Buffer> {
    const token = tokenOf(await this.tickets.read(user, id));
    return qrcode.toBuffer(qrContent(token), { ...QR_OPTIONS, type: 'png', scale: 8 });
  }

  /** As a scalable picture. Errors: those of `png`. */
  async svg(user: Principal, id: string): Promise<string> {
    return qrcode.toString(qrContent(tokenOf(await this.tickets.read(user, id))), {
      ...QR_OPTIONS,
      type: 'svg',
    });
  }

  /** One page. Errors: those of `png`. */
  async pdf(user: Principal, id: string, locale: Locale): Promise<Buffer> {
    const ticket = await this.tickets.read(user, id);
    tokenOf(ticket);
    return this.pages(user, [ticket], locale);
  }

  /** A page for each good ticket that the caller holds. Errors: `not_found`, `no_tickets` when there is none. */
  async bookingPdf(user: Pick<Principal, 'id'>, bookingId: string, locale: Locale): Promise<Buffer> {
    const good = (await this.tickets.ofBooking({ ...user, locale }, bookingId)).data.filter(
      ({ token }) => token !== null,
    );
    if (good.length === 0) throw new DomainError('no_tickets');
    return this.pages(user, good, locale);
  }

  private async pages(
    user: Pick<Principal, 'id'>,
    tickets: readonly Ticket[],
    locale: Locale,
  ): Promise<Buffer> {
    const event = await this.events.find(tickets[0]!.eventId);
    const [venue, name, organizer, house] = await Promise.all([
      this.venues.find(event.venueId),
      this.accounts.nameOf(user.id),
      this.organisations.nameOf(event.organizerId),
      this.house.current(event.organizerId),
    ]);
    const words = WORDS[locale];
    const seats = tickets.some(({ seat }) => seat !== null);
    const [sheet, logo] = await Promise.all([
      this.sheets.sheet(event, venue, house, { locale, seats }),
      this.sheets.logo(house, event.organizerId),
    ]);
    const common: PrintedEvent = {
      house: house.name,
      logo,
      title: markedTitle(event),
      mark: event.sandbox ? words.test : '',
      date: formatEventTimes(event, locale),
      visit: visitLine(event, locale),
      venue: [venue.name, `${venue.address}, ${venue.city}`],
      // An organizer who has left and had no name but their own is not named any more.
      imprint: [organizer && `${words.organizer}: ${organizer}`, inLanguage(house.vat, locale)]
        .filter(Boolean)
        .join(' · '),
      terms: words.terms,
      sheet,
    };
    const spots = await Promise.all(
      tickets.map(({ seat }) => (seat ? this.sheets.spot(event.planId, seat.n) : null)),
    );
    const printed = tickets.map(
      (ticket, i): PrintedTicket => ({
        spot: spots[i]!,
        place: [ticket.seat ? words.seat : words.area, formatPlace(ticket.place, locale, NO_BREAK_SPACE)],
        facts: [
          ...(name === null ? [] : [[words.name, name] as const]),
          [words.price, formatMoney(ticket.price, ticket.currency, locale)],
          [words.booking, ticket.bookingCode],
        ],
        code: ticket.code!,
        token: ticket.token!,
      }),
    );
    return this.printer.print({ event: common, tickets: printed });
  }
}

function tokenOf({ token, status }: Ticket): string {
  if (token !== null) return token;
  throw new DomainError(status === 'transferred' ? 'ticket_transferred' : 'ticket_cancelled');
}
