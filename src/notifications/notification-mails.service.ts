import { Inject, Injectable } from '@nestjs/common';
import { AccountsService } from '../accounts/accounts.service.js';
import type { BookingBody } from '../bookings/bookings.schemas.js';
import { BookingsService } from '../bookings/bookings.service.js';
import { formatInstant, formatMoney, type Locale } from '../common/locale.js';
import { CONFIG, type Config } from '../config/config.js';
import { type EventRecord, EventsService } from '../events/events.service.js';
import { compose, type Letter } from '../mail/letter.js';
import { Composes } from '../mail/mail.decorators.js';
import type { MailJob } from '../mail/mail-map.js';
import type { Attachment, Mail } from '../mail/mailbox.js';
import { TicketDocuments } from '../tickets/ticket-documents.service.js';
import { VenuesService } from '../venues/venues.service.js';
import { type MailWords, WORDS } from './mail.words.js';
import { isOver, isPurchase, LINKS } from './notification.rules.js';
import { textOf } from './notification.texts.js';
import { type NotificationRecord, NotificationsRepository } from './notifications.repository.js';

/** Writes notifications as mails: what the list says, and for a booking what was bought. */
@Injectable()
export class NotificationMails {
  constructor(
    private readonly notifications: NotificationsRepository,
    private readonly accounts: AccountsService,
    private readonly events: EventsService,
    private readonly venues: VenuesService,
    private readonly bookings: BookingsService,
    private readonly documents: TicketDocuments,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Nothing to write where it has become untrue while the mail waited. */
  @Composes('notification')
  async write({ userId, data: { id } }: MailJob<'notification'>): Promise<Mail | undefined> {
    const [told, person] = await Promise.all([
      this.notifications.find(userId, id),
      this.accounts.addressee(userId),
    ]);
    if (!told || !person) return undefined;
    const event = await this.events.find(told.eventId!);
    const booking = await this.booking(told);
    if (isOver(told.kind, event, booking?.status, new Date())) return undefined;
    const { locale, email: to, name } = person;
    const words = WORDS[locale];
    const { title, text } = textOf(told.kind, told.data, locale);
    const mail = compose({
      locale,
      to,
      name,
      subject: title,
      paragraphs: [text],
      details: await this.details(told, event, booking, words, locale),
      button: this.button(told, words),
      footer: { text: words.preferences, url: this.url('/account/notifications') },
    });
    if (!isPurchase(told.kind)) return mail;
    return { ...mail, attachments: [await this.calendar(told, locale)] };
  }

  private async booking({ userId, bookingId }: NotificationRecord): Promise<BookingBody | undefined> {
    if (!bookingId) return undefined;
    return this.bookings.print(await this.bookings.findOwn({ id: userId }, bookingId));
  }

  private async details(
    { kind, data }: NotificationRecord,
    event: EventRecord,
    booking: BookingBody | undefined,
    words: MailWords,
    locale: Locale,
  ): Promise<Letter['details']> {
    const venue = await this.venues.find(event.venueId);
    const place = [venue.name, venue.address, venue.city].join(', ');
    const when = formatInstant(new Date(data.startsAt), data.timezone, locale);
    return [
      [words.event, data.title],
      [words.when, when],
      [words.where, place],
      ...(isPurchase(kind) && booking ? bought(booking, words, locale) : []),
    ];
  }

  /** Fails, and the mail waits, as long as the tickets of a confirmed booking are not issued. */
  private async calendar({ userId, bookingId }: NotificationRecord, locale: Locale): Promise<Attachment> {
    const content = await this.documents.calendar({ id: userId }, bookingId!, locale);
    return { filename: 'event.ics', contentType: 'text/calendar; charset=utf-8; method=PUBLISH', content };
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
    return this.config.publicUrl.replace(/\/$/, '') + path;
  }
}

function bought({ code, items, total, currency }: BookingBody, words: MailWords, locale: Locale) {
  const live = items.filter(({ status }) => status === 'confirmed');
  return [
    [words.booking, code],
    [words.places, live.map(({ seat, area }) => seat?.label ?? area).join('; ')],
    [words.total, formatMoney(total, currency, locale)],
  ] as const;
}
