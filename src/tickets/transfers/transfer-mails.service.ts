import { Inject, Injectable } from '@nestjs/common';
import { AccountsService } from '../../auth/accounts/accounts.service.js';
import { EventsService, markedTitle } from '../../events/events.service.js';
import { HouseService } from '../../house/house.service.js';
import { formatInstant, type Locale } from '../../platform/common/locale.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { compose } from '../../platform/mail/letter.js';
import { Addresses, Composes } from '../../platform/mail/mail.decorators.js';
import type { Envelope, MailJob } from '../../platform/mail/mail-map.js';
import type { Mail } from '../../platform/mail/mailbox.js';
import { TransfersRepository } from './transfers.repository.js';

declare module '../../platform/mail/mail-map.js' {
  interface MailMap {
    /** On behalf of who offers a ticket, to the address that it is offered to. */
    'ticket.offered': { transferId: string };
  }
}

interface Words {
  readonly subject: (title: string) => string;
  readonly offer: (from: string, title: string, at: string) => string;
  readonly until: (at: string) => string;
  readonly button: string;
}

const WORDS: Record<Locale, Words> = {
  en: {
    subject: (title) => `A ticket for ${title}`,
    offer: (from, title, at) => `${from} offers you a ticket for ${title}, ${at}.`,
    until: (at) => `Log in or register with this address and accept it until ${at}.`,
    button: 'Accept the ticket',
  },
  de: {
    subject: (title) => `Eine Eintrittskarte für ${title}`,
    offer: (from, title, at) => `${from} bietet Ihnen eine Eintrittskarte an: ${title}, ${at}.`,
    until: (at) =>
      `Melden Sie sich mit dieser Adresse an oder registrieren Sie sich, und nehmen Sie sie bis ${at} an.`,
    button: 'Karte annehmen',
  },
};

/** Tells somebody that a ticket waits for them, in the language of who offers it. */
@Injectable()
export class TransferMailsService {
  constructor(
    private readonly transfers: TransfersRepository,
    private readonly events: EventsService,
    private readonly accounts: AccountsService,
    private readonly house: HouseService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Composes('ticket.offered')
  async offered({ userId, data }: MailJob<'ticket.offered'>): Promise<Mail | undefined> {
    const transfer = await this.transfers.find(data.transferId);
    const from = await this.accounts.addressee(userId);
    if (!transfer?.toEmail || from?.name === undefined) return undefined;
    const event = await this.events.find(transfer.eventId);
    const { startsAt, timezone, organizerId } = event;
    const title = markedTitle(event);
    const words = WORDS[from.locale];
    const at = (instant: Date) => formatInstant(instant, timezone, from.locale);
    const letter = {
      locale: from.locale,
      to: transfer.toEmail,
      subject: words.subject(title),
      paragraphs: [words.offer(from.name, title, at(startsAt)), words.until(at(transfer.expiresAt))],
      button: {
        url: `${this.config.http.publicUrl}/tickets?transfer=${transfer.id}`,
        label: words.button,
      },
    };
    return compose(letter, await this.house.letterhead(from.locale, organizerId));
  }

  @Addresses('ticket.offered')
  async offeredTo({ userId, data }: MailJob<'ticket.offered'>): Promise<Envelope | undefined> {
    const transfer = data.transferId === undefined ? undefined : await this.transfers.find(data.transferId);
    const from = await this.accounts.addressee(userId);
    if (!transfer?.toEmail || !from) return undefined;
    const title = markedTitle(await this.events.find(transfer.eventId));
    return { to: transfer.toEmail, subject: WORDS[from.locale].subject(title) };
  }
}
