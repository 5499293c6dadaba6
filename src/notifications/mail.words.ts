import type { Locale } from '../common/locale.js';
import type { LinkedPage } from './notification.rules.js';

export interface MailWords {
  readonly event: string;
  readonly when: string;
  readonly where: string;
  readonly booking: string;
  readonly places: string;
  readonly total: string;
  readonly show: Record<LinkedPage, string>;
  readonly preferences: string;
}

export const WORDS: Record<Locale, MailWords> = {
  en: {
    event: 'Event',
    when: 'When',
    where: 'Where',
    booking: 'Booking',
    places: 'Places',
    total: 'Total',
    show: {
      booking: 'Show the booking and its tickets',
      event: 'Show the event',
      waitlist: 'Accept or decline',
      tickets: 'Show my tickets',
    },
    preferences: 'Choose which mails you get',
  },
  de: {
    event: 'Veranstaltung',
    when: 'Wann',
    where: 'Wo',
    booking: 'Buchung',
    places: 'Plätze',
    total: 'Summe',
    show: {
      booking: 'Buchung und Karten ansehen',
      event: 'Veranstaltung ansehen',
      waitlist: 'Annehmen oder ablehnen',
      tickets: 'Meine Karten ansehen',
    },
    preferences: 'Wählen, welche Mails Sie bekommen',
  },
};
