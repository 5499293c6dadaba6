import { Inject, Injectable } from '@nestjs/common';
import { HouseService } from '../../house/house.service.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { compose } from '../../platform/mail/letter.js';
import { Composes } from '../../platform/mail/mail.decorators.js';
import type { MailJob } from '../../platform/mail/mail-map.js';
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
    /** Goes to the address that the account had until then. */
    'account.email_changed': { to: string };
    'account.password_changed': Record<string, never>;
  }
}

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
  async verify({ userId }: MailJob<'account.verify'>): Promise<Mail | undefined> {
    const user = await this.users.find(userId);
    return user && !user.emailVerifiedAt ? this.withLink(user, 'verify') : undefined;
  }

  @Composes('account.reset')
  async reset({ userId }: MailJob<'account.reset'>): Promise<Mail | undefined> {
    const user = await this.users.find(userId);
    return user ? this.withLink(user, 'reset') : undefined;
  }

  @Composes('account.email_changed')
  async emailChanged({ userId, data }: MailJob<'account.email_changed'>): Promise<Mail | undefined> {
    const user = await this.users.find(userId);
    return user ? this.letter({ ...user, email: data.to }, 'emailChanged') : undefined;
  }

  @Composes('account.password_changed')
  async passwordChanged({ userId }: MailJob<'account.password_changed'>): Promise<Mail | undefined> {
    const user = await this.users.find(userId);
    return user ? this.letter(user, 'passwordChanged') : undefined;
  }

  private async withLink(user: LivingUser, purpose: Purpose): Promise<Mail> {
    const token = newToken();
    await this.links.insert(tokenHash(token), user.id, purpose, SECONDS[purpose]);
    return this.letter(user, purpose, `${this.config.http.publicUrl}/${purpose}?token=${token}`);
  }

  private async letter(
    { locale, email: to, name }: LivingUser,
    which: keyof (typeof ACCOUNT_TEXTS)['en'],
    url?: string,
  ): Promise<Mail> {
    const { subject, paragraphs, button } = ACCOUNT_TEXTS[locale][which];
    const link = url !== undefined && { button: { url, label: button } };
    return compose({ locale, to, name, subject, paragraphs, ...link }, await this.house.letterhead(locale));
  }
}
