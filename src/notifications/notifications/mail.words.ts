import type { Locale } from '../../platform/common/locale.js';
import type { LinkedPage } from './notification.rules.js';

export interface MailWords {
  readonly event: string;
  readonly when: string;
  readonly where: string;
  readonly booking: string;
  readonly places: string;
  readonly total: string;
  readonly ticketsAttached: string;
  readonly ticketsBehindLink: string;
  readonly sandbox: string;
  readonly ticketsAtShop: string;
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
    ticketsAttached: 'Your tickets are attached as a PDF.',
    ticketsBehindLink: 'Your tickets are too many for a mail; you find them under the link below.',
    sandbox:
      'This is a test: no money was moved, no place is taken from anybody, and tickets of it let nobody in.',
    ticketsAtShop: 'Your tickets are too many for a mail; the shop where you bought them has them.',
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
    ticketsAttached: 'Ihre Karten sind als PDF angehängt.',
    ticketsBehindLink: 'Für eine Mail sind es zu viele Karten; Sie finden sie über den Link unten.',
    sandbox:
      'Dies ist ein Test: Es wurde kein Geld bewegt, niemandem ein Platz genommen, und die Karten lassen niemanden ein.',
    ticketsAtShop: 'Für eine Mail sind es zu viele Karten; Sie bekommen sie dort, wo Sie gekauft haben.',
    show: {
      booking: 'Buchung und Karten ansehen',
      event: 'Veranstaltung ansehen',
      waitlist: 'Annehmen oder ablehnen',
      tickets: 'Meine Karten ansehen',
    },
    preferences: 'Wählen, welche Mails Sie bekommen',
  },
};
