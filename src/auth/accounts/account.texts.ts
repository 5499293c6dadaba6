import type { Locale } from '../../platform/common/locale.js';

interface Text {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** Label of the link, if there is one. */
  readonly button: string;
}

type Name = 'verify' | 'reset' | 'emailChanged' | 'passwordChanged';

/** Texts of mails about accounts. */
export const ACCOUNT_TEXTS: Record<Locale, Record<Name, Text>> = {
  en: {
    verify: {
      subject: 'Confirm your email address',
      paragraphs: ['Please confirm that this address is yours. The link works once, within three days.'],
      button: 'Confirm',
    },
    reset: {
      subject: 'Choose a new password',
      paragraphs: [
        'Someone, probably you, asked for a new password. The link works once, within an hour.',
        'If it was not you, nothing has changed and you need not do anything.',
      ],
      button: 'Choose a password',
    },
    emailChanged: {
      subject: 'Your email address was changed',
      paragraphs: [
        'Your account uses another email address from now on. If you did not change it, please tell the organizer.',
      ],
      button: '',
    },
    passwordChanged: {
      subject: 'Your password was changed',
      paragraphs: [
        'All other devices were logged out. If you did not change it, ask for a new password at once.',
      ],
      button: '',
    },
  },
  de: {
    verify: {
      subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
      paragraphs: [
        'Bitte bestätigen Sie, dass diese Adresse Ihre ist. Der Link gilt einmal, drei Tage lang.',
      ],
      button: 'Bestätigen',
    },
    reset: {
      subject: 'Wählen Sie ein neues Passwort',
      paragraphs: [
        'Jemand, vermutlich Sie, hat ein neues Passwort angefordert. Der Link gilt einmal, eine Stunde lang.',
        'Wenn Sie das nicht waren, hat sich nichts geändert, und Sie müssen nichts tun.',
      ],
      button: 'Passwort wählen',
    },
    emailChanged: {
      subject: 'Ihre E-Mail-Adresse wurde geändert',
      paragraphs: [
        'Ihr Konto hat ab jetzt eine andere E-Mail-Adresse. Wenn Sie das nicht waren, wenden Sie sich bitte an den Veranstalter.',
      ],
      button: '',
    },
    passwordChanged: {
      subject: 'Ihr Passwort wurde geändert',
      paragraphs: [
        'Alle anderen Geräte wurden abgemeldet. Wenn Sie das nicht waren, fordern Sie sofort ein neues Passwort an.',
      ],
      button: '',
    },
  },
};
