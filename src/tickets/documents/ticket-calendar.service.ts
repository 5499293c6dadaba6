import { Inject, Injectable } from '@nestjs/common';
import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import { BookingsService } from '../../bookings/bookings.service.js';
import { EventsService, markedTitle } from '../../events/events.service.js';
import { HouseService } from '../../house/house.service.js';
import type { Principal } from '../../platform/access/principal.js';
import { DomainError } from '../../platform/common/domain-error.js';
import { formatEventTimes } from '../../platform/common/event-times.js';
import type { Locale } from '../../platform/common/locale.js';
import { visitLine } from '../../platform/common/visit.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { VenuesService } from '../../venues/venues.service.js';
import { TicketsRepository } from '../tickets.repository.js';
import { TicketsService } from '../tickets.service.js';
import { WORDS } from './ticket-words.js';

export interface CalendarEntry {
  /** Method of RFC 5546: `CANCEL` when the event is cancelled, or when the person has no valid ticket left. */
  readonly method: 'PUBLISH' | 'CANCEL';
  /** Media type for answers and mails; it names the method, too. */
  readonly type: string;
  readonly content: string;
}

/** Calendar entries of events: one for each person and booking; each new one carries a higher sequence number. */
@Injectable()
export class TicketCalendarService {
  constructor(
    private readonly repository: TicketsRepository,
    private readonly tickets: TicketsService,
    private readonly bookings: BookingsService,
    private readonly events: EventsService,
    private readonly venues: VenuesService,
    private readonly houses: HouseService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** For the buyer. Errors: `not_found`, `no_tickets`. */
  async ofBooking(user: Pick<Principal, 'id'>, bookingId: string, locale: Locale): Promise<CalendarEntry> {
    const { eventId } = await this.bookings.findOwn(user, bookingId);
    const entry = await this.entry(user.id, eventId, bookingId, locale);
    if (!entry) throw new DomainError('no_tickets');
    return entry;
  }

  /**
   * Entry for the holder or the buyer of a ticket, with all of that person's places in its booking. Errors:
   * `not_found`.
   */
  async ofTicket(user: Principal, id: string, locale: Locale): Promise<CalendarEntry> {
    const { eventId, bookingId } = await this.tickets.read(user, id);
    return (await this.entry(user.id, eventId, bookingId, locale))!;
  }

  /** All entries that a person has, or had, of an event. */
  async ofEvent(userId: string, eventId: string, locale: Locale): Promise<CalendarEntry[]> {
    const bookings = await this.tickets.bookingsOf(userId, eventId);
    const entries = await Promise.all(bookings.map((id) => this.entry(userId, eventId, id, locale)));
    return entries.filter((entry) => entry !== undefined);
  }

  /** Undefined when there never were tickets. */
  async entry(
    userId: string,
    eventId: string,
    bookingId: string,
    locale: Locale,
  ): Promise<CalendarEntry | undefined> {
    // Read before the entry's contents: a change in between makes the entry look older than it is, never newer.
    const sequence = await this.repository.revision(eventId, bookingId);
    const [tickets, event] = await Promise.all([
      this.tickets.ofPerson({ id: userId, locale }, eventId, bookingId),
      this.events.find(eventId),
    ]);
    if (tickets.length === 0) return undefined;
    const [venue, house] = await Promise.all([
      this.venues.find(event.venueId),
      this.houses.current(event.organizerId),
    ]);
    const good = tickets.filter(({ status }) => status === 'valid' || status === 'used');
    const off = event.status === 'cancelled' || good.length === 0;
    const words = WORDS[locale];
    const method = off ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH;
    const calendar = ical({ prodId: { company: 'Evently', product: 'Tickets' }, method });
    calendar.createEvent({
      id: `booking-${bookingId}@${new URL(this.config.http.publicUrl).hostname}`,
      sequence,
      start: event.startsAt,
      end: event.endsAt,
      stamp: new Date(),
      summary: markedTitle(event),
      location: [venue.name, venue.address, venue.city].join(', '),
      description: [
        ...(good.length > 0 ? [`${words.tickets}: ${good.map(({ place }) => place.text).join('; ')}`] : []),
        formatEventTimes(event, locale),
        visitLine(event, locale),
      ]
        .filter(Boolean)
        .join('\n'),
      organizer: { name: house.name, email: addressOf(this.config.mail.from) },
      status: off ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    });
    const type = `text/calendar; charset=utf-8; method=${method}`;
    return { method, type, content: `${calendar.toString().trimEnd()}\r\n` };
  }
}

/** Address of the organizer, which RFC 5546 requires: that of the sender of the mails, `Evently <evently@localhost>`. */
const addressOf = (from: string): string => /<([^>]+)>\s*$/.exec(from)?.[1] ?? from.trim();
