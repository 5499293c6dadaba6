import type { Locale } from '../platform/common/locale.js';

interface Text {
  readonly subject: (organisation: string) => string;
  /** `key`: name and end of a key, where the mail is about one. */
  readonly paragraphs: (organisation: string, key: string) => readonly string[];
  readonly button: string;
}

/** Texts of mails about organisations. */
export const ORGANISATION_TEXTS: Record<
  Locale,
  Record<'invited' | 'ownershipOffered' | 'keyLeaked', Text>
> = {
  en: {
    invited: {
      subject: (organisation) => `Invitation to ${organisation}`,
      paragraphs: (organisation) => [
        `You are invited to work with ${organisation}. Follow the link and log in, or create an account, to accept.`,
        'The link works once, within a week. If you do not know the sender, you need not do anything.',
      ],
      button: 'Look at the invitation',
    },
    ownershipOffered: {
      subject: (organisation) => `Become an owner of ${organisation}`,
      paragraphs: (organisation) => [
        `An owner of ${organisation} offers you to become an owner as well. Owners may do everything, and change who belongs to it.`,
        'The offer is open for a week. You find it on the page of the members.',
      ],
      button: 'To the members',
    },
    keyLeaked: {
      subject: (organisation) => `A key of ${organisation} was sent in an address`,
      paragraphs: (_, key) => [
        `A program sent the key ${key} as part of an address. Logs and histories keep addresses, so others may know the key now. The request was refused.`,
        'Please make a new key, end this one, and send keys as bearer tokens only.',
      ],
      button: 'To the keys',
    },
  },
  de: {
    invited: {
      subject: (organisation) => `Einladung zu ${organisation}`,
      paragraphs: (organisation) => [
        `Sie sind eingeladen, bei ${organisation} mitzuarbeiten. Folgen Sie dem Link und melden Sie sich an oder legen Sie ein Konto an, um anzunehmen.`,
        'Der Link gilt einmal, eine Woche lang. Wenn Sie den Absender nicht kennen, müssen Sie nichts tun.',
      ],
      button: 'Einladung ansehen',
    },
    ownershipOffered: {
      subject: (organisation) => `Inhaberschaft von ${organisation}`,
      paragraphs: (organisation) => [
        `Jemand mit Inhaberrechten bei ${organisation} bietet Ihnen diese ebenfalls an. Damit dürfen Sie alles und ändern, wer dazugehört.`,
        'Das Angebot gilt eine Woche. Sie finden es auf der Seite der Mitglieder.',
      ],
      button: 'Zu den Mitgliedern',
    },
    keyLeaked: {
      subject: (organisation) => `Ein Schlüssel von ${organisation} stand in einer Adresse`,
      paragraphs: (_, key) => [
        `Ein Programm hat den Schlüssel ${key} als Teil einer Adresse gesendet. Protokolle und Verläufe behalten Adressen, daher könnten ihn jetzt andere kennen. Die Anfrage wurde abgelehnt.`,
        'Bitte erzeugen Sie einen neuen Schlüssel, beenden Sie diesen und senden Sie Schlüssel nur als Bearer-Token.',
      ],
      button: 'Zu den Schlüsseln',
    },
  },
};
