import type { Locale } from '../../platform/common/locale.js';

/** Words printed on tickets and in calendars, by language. */
export const WORDS: Record<
  Locale,
  Record<
    | 'seat'
    | 'area'
    | 'name'
    | 'price'
    | 'booking'
    | 'organizer'
    | 'terms'
    | 'tickets'
    | 'yourPlace'
    | 'address'
    | 'giveBack'
    | 'online'
    | 'test',
    string
  >
> = {
  en: {
    seat: 'Seat',
    area: 'Standing area',
    name: 'Name',
    price: 'Price',
    booking: 'Booking',
    organizer: 'Organizer',
    terms:
      'Show this code at the entrance, on paper or on a screen. It lets one person in, once: whoever shows it first. A ticket that was cancelled or passed on is void.',
    tickets: 'Tickets',
    yourPlace: 'Where your place is',
    address: 'Getting there',
    giveBack: 'Giving back',
    online: 'Show, pass on or give back',
    test: 'TEST: this ticket lets nobody in',
  },
  de: {
    seat: 'Sitzplatz',
    area: 'Stehplatz',
    name: 'Name',
    price: 'Preis',
    booking: 'Buchung',
    organizer: 'Veranstalter',
    terms:
      'Zeigen Sie diesen Code am Einlass, auf Papier oder auf einem Bildschirm. Er gilt für eine Person und ein Mal: für die, die ihn zuerst zeigt. Stornierte oder weitergegebene Tickets sind ungültig.',
    tickets: 'Tickets',
    yourPlace: 'Hier ist Ihr Platz',
    address: 'Anfahrt',
    giveBack: 'Rückgabe',
    online: 'Zeigen, weitergeben, zurückgeben',
    test: 'TEST: Dieses Ticket lässt niemanden ein',
  },
};
