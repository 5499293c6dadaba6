import type { Locale } from '../common/locale.js';

interface Words {
  readonly title: string;
  readonly note: string;
  readonly none: string;
  readonly search: string;
  readonly show: string;
  readonly all: string;
  readonly list: string;
  readonly back: string;
  readonly to: string;
  readonly views: string;
  readonly html: string;
  readonly text: string;
  readonly attachments: string;
  readonly gone: string;
}

/** Texts of the development mailbox. */
export const WORDS: Record<Locale, Words> = {
  en: {
    title: 'Mail',
    note: 'Mails that would have been sent. Set SMTP_URL to send them.',
    none: 'No mail yet.',
    search: 'Recipient',
    show: 'Show',
    all: 'All',
    list: 'Mails, newest first',
    back: 'Back to the list',
    to: 'To',
    views: 'View',
    html: 'As sent',
    text: 'Text',
    attachments: 'Attachments',
    gone: 'This mail is not kept any more.',
  },
  de: {
    title: 'Mails',
    note: 'Mails, die verschickt worden wären. Mit SMTP_URL werden sie verschickt.',
    none: 'Noch keine Mail.',
    search: 'Empfänger',
    show: 'Anzeigen',
    all: 'Alle',
    list: 'Mails, neueste zuerst',
    back: 'Zur Liste',
    to: 'An',
    views: 'Ansicht',
    html: 'Wie verschickt',
    text: 'Text',
    attachments: 'Anhänge',
    gone: 'Diese Mail wird nicht mehr aufbewahrt.',
  },
};
