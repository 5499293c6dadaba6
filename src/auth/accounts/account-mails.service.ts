import { Inject, Injectable } from '@nestjs/common';
import { HouseService } from '../../house/house.service.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { compose } from '../../platform/mail/letter.js';
import { Addresses, Composes } from '../../platform/mail/mail.decorators.js';
import type { Envelope, MailJob } from '../../platform/mail/mail-map.js';
import type { Mail } from '../../platform/mail/mailbox.js';
import { newToken, tokenHash } from '../tokens/sessions.service.js';
import type { LivingUser } from './account.js';
import { ACCOUNT_TEXTS } from './account.texts.js';
import { OneTimeTokensRepository, type Purpose } from './one-time-tokens.repository.js';
import { UsersRepository } from './users.repository.js';

declare module '../../platform/mail/mail-map.js' {
  interface MailMap {
    'account.verify': Record<string, never>;
    'account.reset': Record<string, never>;
    /** Goes to the address that the account had until then, which is forgotten once it is sent. */
    'account.email_changed': { to?: string };
    'account.password_changed': Record<string, never>;
  }
}

type Which = keyof (typeof ACCOUNT_TEXTS)['en'];

const SECONDS: Record<Purpose, number> = { reset: 3600, verify: 3 * 24 * 3600 };

/** Writes mails about accounts. The token of a link is made when its mail is sent, so that it is kept nowhere. */
@Injectable()
export class AccountMailsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly users: UsersRepository,
    private readonly links: OneTimeTokensRepository,
    private readonly house: HouseService,
  ) {}

  @Composes('account.verify')
  async verify({ userId, preview }: MailJob<'account.verify'>): Promise<Mail | undefined> {
    const user = await this.users.find(userId);
    return user && (preview || !user.emailVerifiedAt) ? this.withLink(user, 'verify', preview) : undefined;
  }

  @Composes('account.reset')
  async reset({ userId, preview }: MailJob<'account.reset'>): Promise<Mail | undefined> {
    const user = await this.users.find(userId);
    return user ? this.withLink(user, 'reset', preview) : undefined;
  }

  @Composes('account.email_changed')
  async emailChanged({ userId, data }: MailJob<'account.email_changed'>): Promise<Mail | undefined> {
    const user = await this.users.find(userId);
    return user && data.to !== undefined
      ? this.letter({ ...user, email: data.to }, 'emailChanged')
      : undefined;
  }

  @Composes('account.password_changed')
  async passwordChanged({ userId }: MailJob<'account.password_changed'>): Promise<Mail | undefined> {
    const user = await this.users.find(userId);
    return user ? this.letter(user, 'passwordChanged') : undefined;
  }

  @Addresses('account.verify')
  verifyTo({ userId }: MailJob<'account.verify'>): Promise<Envelope | undefined> {
    return this.envelope(userId, 'verify');
  }

  @Addresses('account.reset')
  resetTo({ userId }: MailJob<'account.reset'>): Promise<Envelope | undefined> {
    return this.envelope(userId, 'reset');
  }

  @Addresses('account.email_changed')
  async emailChangedTo({ userId, data }: MailJob<'account.email_changed'>): Promise<Envelope | undefined> {
    return data.to === undefined ? undefined : this.envelope(userId, 'emailChanged', data.to);
  }

  @Addresses('account.password_changed')
  passwordChangedTo({ userId }: MailJob<'account.password_changed'>): Promise<Envelope | undefined> {
    return this.envelope(userId, 'passwordChanged');
  }

  private async envelope(userId: string, which: Which, to?: string): Promise<Envelope | undefined> {
    const user = await this.users.find(userId);
    return user ? { to: to ?? user.email, subject: ACCOUNT_TEXTS[user.locale][which].subject } : undefined;
  }

  private async withLink(user: LivingUser, purpose: Purpose, preview = false): Promise<Mail> {
    if (preview) return this.letter(user, purpose, `${this.config.http.publicUrl}/${purpose}`);
    const token = newToken();
    await this.links.insert(tokenHash(token), user.id, purpose, SECONDS[purpose]);
    return this.letter(user, purpose, `${this.config.http.publicUrl}/${purpose}?token=${token}`);
  }

  private async letter({ locale, email: to, name }: LivingUser, which: Which, url?: string): Promise<Mail> {
    const { subject, paragraphs, button } = ACCOUNT_TEXTS[locale][which];
    const link = url !== undefined && { button: { url, label: button } };
    return compose({ locale, to, name, subject, paragraphs, ...link }, await this.house.letterhead(locale));
  }
}
