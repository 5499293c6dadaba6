import { Inject, Injectable } from '@nestjs/common';
import { AccountsService } from '../../auth/accounts/accounts.service.js';
import type { BookingBody } from '../../bookings/bookings.schemas.js';
import { BookingsService } from '../../bookings/bookings.service.js';
import { type EventRecord, EventsService } from '../../events/events.service.js';
import { HouseService } from '../../house/house.service.js';
import { formatEventTimes } from '../../platform/common/event-times.js';
import { imagePath } from '../../platform/common/image-address.js';
import { formatInstant, formatMoney, type Locale } from '../../platform/common/locale.js';
import { visitNotes } from '../../platform/common/visit.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { compose, type Letter } from '../../platform/mail/letter.js';
import { Addresses, Composes } from '../../platform/mail/mail.decorators.js';
import type { Envelope, MailJob } from '../../platform/mail/mail-map.js';
import type { Mail } from '../../platform/mail/mailbox.js';
import { VenuesService } from '../../venues/venues.service.js';
import { type MailWords, WORDS } from './mail.words.js';
import { isForVisit, isOver, isPurchase, LINKS, mapLink, placeLine } from './notification.rules.js';
import { textOf } from './notification.texts.js';
import { NotificationAttachmentsService } from './notification-attachments.service.js';
import { type NotificationRecord, NotificationsRepository } from './notifications.repository.js';

/** Twice the width of a mail. */
const MAIL_WIDTH = 992;

/** Writes notifications as mails: what the list says, and for a booking what was bought. */
@Injectable()
export class NotificationMailsService {
  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly accounts: AccountsService,
    private readonly events: EventsService,
    private readonly venues: VenuesService,
    private readonly bookings: BookingsService,
    private readonly attachments: NotificationAttachmentsService,
    private readonly house: HouseService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Writes the mail; none if its news became untrue while it waited. */
  @Composes('notification')
  async write({ userId, data: { id }, preview }: MailJob<'notification'>): Promise<Mail | undefined> {
    const [told, person] = await Promise.all([
      this.notifications.find(userId, id),
      this.accounts.addressee(userId),
    ]);
    if (!told || !person) return undefined;
    const event = await this.events.find(told.eventId!);
    const booking = await this.booking(told, person.locale);
    if (!preview && isOver(told.kind, event, booking?.status, new Date())) return undefined;
    const place = placeLine(await this.venues.find(event.venueId));
    if (!preview && told.data.place !== undefined && told.data.place !== place) return undefined;
    const { locale, email: to } = person;
    const words = WORDS[locale];
    const { title, text } = textOf(told.kind, told.data, locale);
    const attached = preview
      ? this.attachments.names(told, booking)
      : await this.attachments.of(told, booking, locale);
    const elsewhere = person.hasAccount ? words.ticketsBehindLink : words.ticketsAtShop;
    const tickets = isPurchase(told.kind) && (attached.withTickets ? words.ticketsAttached : elsewhere);
    const letter = {
      locale,
      to,
      ...(person.name !== undefined && { name: person.name }),
      subject: title,
      picture: event.image ? this.url(imagePath(event.image, MAIL_WIDTH, 'jpeg')) : event.imageUrl,
      paragraphs: [...(event.sandbox ? [words.sandbox] : []), text, ...(tickets ? [tickets] : [])],
      details: this.details(told, event, place, booking, words, locale),
      // Both lead to pages that need a login.
      ...(person.hasAccount && {
        button: this.button(told, words),
        footer: { text: words.preferences, url: this.url('/account/notifications') },
      }),
    };
    const mail = compose(letter, await this.house.letterhead(locale, event.organizerId));
    return attached.files.length > 0 ? { ...mail, attachments: attached.files } : mail;
  }

  @Addresses('notification')
  async writeTo({ userId, data: { id } }: MailJob<'notification'>): Promise<Envelope | undefined> {
    const told = id === undefined ? null : await this.notifications.find(userId, id);
    const person = told && (await this.accounts.addressee(userId));
    if (!person) return undefined;
    return { to: person.email, subject: textOf(told.kind, told.data, person.locale).title };
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
      [words.where, place, mapLink(place)],
      ...(isPurchase(kind) && booking ? bought(booking, words, locale) : []),
    ];
  }

  private button({ kind, bookingId, eventId }: NotificationRecord, words: MailWords) {
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
