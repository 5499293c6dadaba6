import type { Locale } from '../../platform/common/locale.js';

interface Text {
  readonly subject: string;
  /** `{about}`: device and time of a login, number of codes left, or name of a passkey or provider. */
  readonly paragraphs: readonly string[];
  /** Label of the link, if there is one. */
  readonly button: string;
}

type Name =
  | 'verify'
  | 'reset'
  | 'emailChanged'
  | 'passwordChanged'
  | 'newDevice'
  | 'secondFactorOn'
  | 'secondFactorOff'
  | 'recoveryCodeUsed'
  | 'passkeyAdded'
  | 'passkeyRemoved'
  | 'passkeyRefused'
  | 'identityLinked';

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
    newDevice: {
      subject: 'A login from a new device',
      paragraphs: [
        'Somebody, probably you, logged in to your account from a device that we do not know: {about}',
        'If it was not you, end that session and change your password now.',
      ],
      button: 'Look at the sessions',
    },
    secondFactorOn: {
      subject: 'Your account has a second factor now',
      paragraphs: [
        'Logins ask for a code of your authenticator app from now on. Keep the recovery codes where you find them without your phone.',
        'If you did not turn it on, change your password now and turn it off.',
      ],
      button: 'Security of the account',
    },
    secondFactorOff: {
      subject: 'The second factor of your account was turned off',
      paragraphs: [
        'Logins do not ask for a code of your authenticator app any more, and the recovery codes are void.',
        'If you did not turn it off, change your password now and turn it on again.',
      ],
      button: 'Security of the account',
    },
    recoveryCodeUsed: {
      subject: 'A recovery code of your account was used',
      paragraphs: [
        'A recovery code was used instead of the authenticator app. Codes left: {about}.',
        'If it was not you, change your password and make new codes now.',
      ],
      button: 'Security of the account',
    },
    passkeyAdded: {
      subject: 'Your account has a new passkey',
      paragraphs: [
        'From now on one can log in to your account with this passkey: {about}',
        'If you did not make it, remove it and change your password now.',
      ],
      button: 'Look at the passkeys',
    },
    passkeyRemoved: {
      subject: 'A passkey of your account was removed',
      paragraphs: [
        'Nobody can log in with this passkey any more: {about}',
        'If you did not remove it, change your password now.',
      ],
      button: 'Look at the passkeys',
    },
    passkeyRefused: {
      subject: 'There may be a copy of a passkey of yours',
      paragraphs: [
        'A login was refused, because this passkey had counted fewer uses than before: {about}',
        'Somebody may have copied it. Remove it, and make a new one.',
      ],
      button: 'Look at the passkeys',
    },
    identityLinked: {
      subject: 'Your account was linked to another login',
      paragraphs: [
        'One can log in to your account with {about} from now on.',
        'If you did not link it, end the link and change your password now.',
      ],
      button: 'Security of the account',
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
    newDevice: {
      subject: 'Anmeldung von einem neuen Gerät',
      paragraphs: [
        'Jemand, vermutlich Sie, hat sich von einem Gerät angemeldet, das wir nicht kennen: {about}',
        'Wenn Sie das nicht waren, beenden Sie diese Sitzung und ändern Sie jetzt Ihr Passwort.',
      ],
      button: 'Sitzungen ansehen',
    },
    secondFactorOn: {
      subject: 'Ihr Konto hat jetzt einen zweiten Faktor',
      paragraphs: [
        'Anmeldungen verlangen ab jetzt einen Code Ihrer Authenticator-App. Bewahren Sie die Wiederherstellungscodes dort auf, wo Sie sie auch ohne Ihr Telefon finden.',
        'Wenn Sie ihn nicht eingeschaltet haben, ändern Sie jetzt Ihr Passwort und schalten Sie ihn aus.',
      ],
      button: 'Sicherheit des Kontos',
    },
    secondFactorOff: {
      subject: 'Der zweite Faktor Ihres Kontos wurde ausgeschaltet',
      paragraphs: [
        'Anmeldungen verlangen keinen Code Ihrer Authenticator-App mehr, und die Wiederherstellungscodes gelten nicht mehr.',
        'Wenn Sie ihn nicht ausgeschaltet haben, ändern Sie jetzt Ihr Passwort und schalten Sie ihn wieder ein.',
      ],
      button: 'Sicherheit des Kontos',
    },
    recoveryCodeUsed: {
      subject: 'Ein Wiederherstellungscode Ihres Kontos wurde benutzt',
      paragraphs: [
        'Statt der Authenticator-App wurde ein Wiederherstellungscode benutzt. Übrig: {about}.',
        'Wenn Sie das nicht waren, ändern Sie jetzt Ihr Passwort und erzeugen Sie neue Codes.',
      ],
      button: 'Sicherheit des Kontos',
    },
    passkeyAdded: {
      subject: 'Ihr Konto hat einen neuen Passkey',
      paragraphs: [
        'Mit diesem Passkey kann man sich ab jetzt bei Ihrem Konto anmelden: {about}',
        'Wenn Sie ihn nicht erstellt haben, entfernen Sie ihn und ändern Sie jetzt Ihr Passwort.',
      ],
      button: 'Passkeys ansehen',
    },
    passkeyRemoved: {
      subject: 'Ein Passkey Ihres Kontos wurde entfernt',
      paragraphs: [
        'Mit diesem Passkey kann sich niemand mehr anmelden: {about}',
        'Wenn Sie ihn nicht entfernt haben, ändern Sie jetzt Ihr Passwort.',
      ],
      button: 'Passkeys ansehen',
    },
    passkeyRefused: {
      subject: 'Vielleicht gibt es eine Kopie eines Ihrer Passkeys',
      paragraphs: [
        'Eine Anmeldung wurde abgelehnt, weil dieser Passkey weniger Benutzungen gezählt hatte als zuvor: {about}',
        'Vielleicht hat ihn jemand kopiert. Entfernen Sie ihn und erstellen Sie einen neuen.',
      ],
      button: 'Passkeys ansehen',
    },
    identityLinked: {
      subject: 'Ihr Konto ist mit einer weiteren Anmeldung verknüpft',
      paragraphs: [
        'Ab jetzt kann man sich bei Ihrem Konto mit {about} anmelden.',
        'Wenn Sie das nicht verknüpft haben, lösen Sie die Verknüpfung und ändern Sie jetzt Ihr Passwort.',
      ],
      button: 'Sicherheit des Kontos',
    },
  },
};
