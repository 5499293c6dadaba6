import type { Locale } from '../../platform/common/locale.js';

/** Texts of pages before the app has started; those that it shows as well are the same there, which a test compares. */
export const PAGE_TEXTS = {
  en: {
    about: 'Tickets for live events, with a seat map that follows the sale.',
    events: 'Events',
    headline: 'Find your seat.',
    lead: 'Pick the exact place on a map that follows the sale as it happens.',
    upcoming: 'Coming up',
    fromPrice: 'from {{price}}',
    free: 'free entry',
    soldOut: 'Sold out',
    cancelled: 'This event was cancelled.',
    over: 'This event is over.',
    paused: 'The sale is paused. Places that are kept for you can still be paid.',
    notFound: 'There is nothing here',
    notFoundText: 'The address may be mistyped, or the page is gone.',
    home: 'To all events',
    needsScript: 'Choosing and paying for places needs JavaScript.',
  },
  de: {
    about: 'Karten für Veranstaltungen, mit einem Saalplan, der den Verkauf live zeigt.',
    events: 'Programm',
    headline: 'Ihr Platz.',
    lead: 'Wählen Sie den genauen Platz auf einem Plan, der den Verkauf live zeigt.',
    upcoming: 'Demnächst',
    fromPrice: 'ab {{price}}',
    free: 'Eintritt frei',
    soldOut: 'Ausverkauft',
    cancelled: 'Diese Veranstaltung wurde abgesagt.',
    over: 'Diese Veranstaltung ist vorbei.',
    paused: 'Der Verkauf ist unterbrochen. Was für Sie reserviert ist, können Sie noch bezahlen.',
    notFound: 'Hier ist nichts',
    notFoundText: 'Vielleicht ist die Adresse vertippt, oder was hier war, gibt es nicht mehr.',
    home: 'Zu allen Veranstaltungen',
    needsScript: 'Zum Auswählen und Bezahlen von Plätzen wird JavaScript gebraucht.',
  },
} as const satisfies Record<Locale, Record<string, string>>;
