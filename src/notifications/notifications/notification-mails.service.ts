import { Inject, Injectable } from '@nestjs/common';
import { AccountsService } from '../../auth/accounts/accounts.service.js';
import type { BookingBody } from '../../bookings/bookings.schemas.js';
import { BookingsService } from '../../bookings/bookings.service.js';
import { type EventRecord, EventsService } from '../../events/events.service.js';
import { HouseService } from '../../house/house.service.js';
import { formatEventTimes } from '../../platform/common/event-times.js';
import { formatInstant, formatMoney, type Locale } from '../../platform/common/locale.js';
import { visitNotes } from '../../platform/common/visit.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { compose, type Letter } from '../../platform/mail/letter.js';
import { Composes } from '../../platform/mail/mail.decorators.js';
import type { MailJob } from '../../platform/mail/mail-map.js';
import type { Attachment, Mail } from '../../platform/mail/mailbox.js';
import { TicketCalendarService } from '../../tickets/documents/ticket-calendar.service.js';
import { TicketDocumentsService } from '../../tickets/documents/ticket-documents.service.js';
import { VenuesService } from '../../venues/venues.service.js';
import { type MailWords, WORDS } from './mail.words.js';
import { CALENDARS, isForVisit, isOver, isPurchase, LINKS, placeLine } from './notification.rules.js';
import { textOf } from './notification.texts.js';
import { type NotificationRecord, NotificationsRepository } from './notifications.repository.js';

/** A page is 10 KB, and mail servers refuse what is very large. */
const MAX_TICKETS_ATTACHED = 100;

/** Writes notifications as mails: what the list says, and for a booking what was bought. */
@Injectable()
export class NotificationMailsService {
  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly accounts: AccountsService,
    private readonly events: EventsService,
    private readonly venues: VenuesService,
    private readonly bookings: BookingsService,
    private readonly documents: TicketDocumentsService,
    private readonly calendar: TicketCalendarService,
    private readonly house: HouseService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Writes the mail; none if its news became untrue while it waited. */
  @Composes('notification')
  async write({ userId, data: { id } }: MailJob<'notification'>): Promise<Mail | undefined> {
    const [told, person] = await Promise.all([
      this.notifications.find(userId, id),
      this.accounts.addressee(userId),
    ]);
    if (!told || !person) return undefined;
    const event = await this.events.find(told.eventId!);
    const booking = await this.booking(told, person.locale);
    if (isOver(told.kind, event, booking?.status, new Date())) return undefined;
    const place = placeLine(await this.venues.find(event.venueId));
    if (told.data.place !== undefined && told.data.place !== place) return undefined;
    const { locale, email: to, name } = person;
    const words = WORDS[locale];
    const { title, text } = textOf(told.kind, told.data, locale);
    const tickets = isPurchase(told.kind) ? await this.tickets(told, booking!, locale) : undefined;
    const letter = {
      locale,
      to,
      name,
      subject: title,
      paragraphs: tickets ? [text, tickets.words] : [text],
      details: this.details(told, event, place, booking, words, locale),
      button: this.button(told, words),
      footer: { text: words.preferences, url: this.url('/account/notifications') },
    };
    const mail = compose(letter, await this.house.letterhead(locale));
    const attachments = [...(tickets?.attachments ?? []), ...(await this.calendars(told, locale))];
    return attachments.length > 0 ? { ...mail, attachments } : mail;
  }

  private async booking(
    { userId, bookingId }: NotificationRecord,
    locale: Locale,
  ): Promise<BookingBody | undefined> {
    if (!bookingId) return undefined;
    return this.bookings.toBody(await this.bookings.findOwn({ id: userId }, bookingId), locale);
  }

  private details(
    { kind, data }: NotificationRecord,
    event: EventRecord,
    place: string,
    booking: BookingBody | undefined,
    words: MailWords,
    locale: Locale,
  ): Letter['details'] {
    // The notification may be older than the event's present times.
    const startsAt = new Date(data.startsAt);
    const current = startsAt.getTime() === event.startsAt.getTime();
    const when = current ? formatEventTimes(event, locale) : formatInstant(startsAt, data.timezone, locale);
    return [
      [words.event, data.title],
      [words.when, when],
      ...(current && isForVisit(kind) ? visitNotes(event, locale) : []),
      [words.where, place],
      ...(isPurchase(kind) && booking ? bought(booking, words, locale) : []),
    ];
  }

  /** Fails, and the mail waits, as long as the tickets of a confirmed booking are not issued. */
  private async tickets(
    { userId }: NotificationRecord,
    { id, items }: BookingBody,
    locale: Locale,
  ): Promise<{ words: string; attachments: Attachment[] }> {
    const words = WORDS[locale];
    if (items.filter(({ status }) => status === 'confirmed').length > MAX_TICKETS_ATTACHED)
      return { words: words.ticketsBehindLink, attachments: [] };
    const content = await this.documents.bookingPdf({ id: userId }, id, locale);
    const file = { filename: 'tickets.pdf', contentType: 'application/pdf', content };
    return { words: words.ticketsAttached, attachments: [file] };
  }

  /** Calendar entries; none if there were never tickets, as for a booking that was not paid in the end. */
  private async calendars(
    { kind, userId, bookingId, eventId }: NotificationRecord,
    locale: Locale,
  ): Promise<Attachment[]> {
    const of = CALENDARS[kind];
    if (!of) return [];
    const entries =
      of === 'booking'
        ? [await this.calendar.entry(userId, eventId!, bookingId!, locale)]
        : await this.calendar.ofEvent(userId, eventId!, locale);
    return entries
      .filter((entry) => entry !== undefined)
      .map(({ type, content }, i) => ({
        filename: i === 0 ? 'event.ics' : `event-${i + 1}.ics`,
        contentType: type,
        content,
      }));
  }

  private button({ kind, bookingId, eventId }: NotificationRecord, words: MailWords): Letter['button'] {
    const page = LINKS[kind];
    const path = {
      booking: `/bookings/${bookingId}`,
      event: `/events/${eventId}`,
      waitlist: '/waitlist',
      tickets: '/tickets',
    };
    return { url: this.url(path[page]), label: words.show[page] };
  }

  private url(path: string): string {
    return this.config.http.publicUrl + path;
  }
}

function bought({ code, items, total, currency }: BookingBody, words: MailWords, locale: Locale) {
  const live = items.filter(({ status }) => status === 'confirmed');
  return [
    [words.booking, code],
    [words.places, live.map(({ place }) => place.text).join('; ')],
    [words.total, formatMoney(total, currency, locale)],
  ] as const;
}
