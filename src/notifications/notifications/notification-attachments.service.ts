import { Injectable } from '@nestjs/common';
import type { BookingBody } from '../../bookings/bookings.schemas.js';
import type { Locale } from '../../platform/common/locale.js';
import type { Attachment } from '../../platform/mail/mailbox.js';
import { TicketCalendarService } from '../../tickets/documents/ticket-calendar.service.js';
import { TicketDocumentsService } from '../../tickets/documents/ticket-documents.service.js';
import { CALENDARS, isPurchase } from './notification.rules.js';
import type { NotificationRecord } from './notifications.repository.js';

/** A page is 10 KB, and mail servers refuse what is very large. */
const MAX_TICKETS_ATTACHED = 100;

const TICKETS = { filename: 'tickets.pdf', contentType: 'application/pdf' };

interface Attached {
  readonly files: Attachment[];
  readonly withTickets: boolean;
}

/** Tickets and calendar entries that mails bring. */
@Injectable()
export class NotificationAttachmentsService {
  constructor(
    private readonly documents: TicketDocumentsService,
    private readonly calendar: TicketCalendarService,
  ) {}

  /** Fails, and the mail waits, as long as the tickets of a confirmed booking are not issued. */
  async of(told: NotificationRecord, booking: BookingBody | undefined, locale: Locale): Promise<Attached> {
    const withTickets = bringsTickets(told, booking);
    const content =
      withTickets && (await this.documents.bookingPdf({ id: told.userId }, booking!.id, locale));
    const tickets = content ? [{ ...TICKETS, content }] : [];
    return { withTickets, files: [...tickets, ...(await this.calendars(told, locale))] };
  }

  /** The same without contents, which let people in. */
  names(told: NotificationRecord, booking: BookingBody | undefined): Attached {
    const withTickets = bringsTickets(told, booking);
    const tickets = withTickets ? [{ ...TICKETS, content: '' }] : [];
    const entries = CALENDARS[told.kind]
      ? [{ filename: 'event.ics', contentType: 'text/calendar', content: '' }]
      : [];
    return { withTickets, files: [...tickets, ...entries] };
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
}

function bringsTickets({ kind }: NotificationRecord, booking: BookingBody | undefined): boolean {
  const live = booking?.items.filter(({ status }) => status === 'confirmed') ?? [];
  return isPurchase(kind) && live.length <= MAX_TICKETS_ATTACHED;
}
