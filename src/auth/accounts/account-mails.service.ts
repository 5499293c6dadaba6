import { Inject, Injectable } from '@nestjs/common';
import { HouseService } from '../../house/house.service.js';
import { dateFormat } from '../../platform/common/locale.js';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { compose } from '../../platform/mail/letter.js';
import { Addresses, Composes } from '../../platform/mail/mail.decorators.js';
import type { Envelope, MailJob } from '../../platform/mail/mail-map.js';
import type { Mail } from '../../platform/mail/mailbox.js';
import { OneTimeTokensRepository } from '../tokens/one-time-tokens.repository.js';
import { newToken, SessionsService, tokenHash } from '../tokens/sessions.service.js';
import type { LivingUser } from './account.js';
import { ACCOUNT_TEXTS } from './account.texts.js';
import { UsersRepository } from './users.repository.js';

declare module '../../platform/mail/mail-map.js' {
  interface MailMap {
    'account.verify': Record<string, never>;
    'account.reset': Record<string, never>;
    /** Goes to the address that the account had until then, which is forgotten once it is sent. */
    'account.email_changed': { to?: string };
    'account.password_changed': Record<string, never>;
    'account.new_device': { sessionId: string };
    /** Name of the provider. */
    'account.identity_linked': { name: string };
  }
}

type Which = keyof (typeof ACCOUNT_TEXTS)['en'];

type Linked = 'reset' | 'verify';

const SECONDS: Record<Linked, number> = { reset: 3600, verify: 3 * 24 * 3600 };

/** Writes mails about accounts. The token of a link is made when its mail is sent, so that it is kept nowhere. */
@Injectable()
export class AccountMailsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly users: UsersRepository,
    private readonly links: OneTimeTokensRepository,
    private readonly house: HouseService,
    private readonly sessions: SessionsService,
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

  @Composes('account.new_device')
  async newDevice({ userId, data }: MailJob<'account.new_device'>): Promise<Mail | undefined> {
    const user = await this.users.find(userId);
    const session = user && (await this.sessions.find(userId, data.sessionId));
    if (!session) return undefined;
    const { browser, system, ip, createdAt } = session;
    const when = dateFormat(user.locale, { dateStyle: 'long', timeStyle: 'long', timeZone: 'UTC' });
    const program = [browser, system].filter(Boolean).join(', ');
    const about = [program, ip, when.format(createdAt)].filter(Boolean).join(' · ');
    return this.letter(user, 'newDevice', `${this.config.http.publicUrl}/account/security`, about);
  }

  @Composes('account.second_factor_on')
  secondFactorOn({ userId }: MailJob<'account.second_factor_on'>): Promise<Mail | undefined> {
    return this.aboutSecurity(userId, 'secondFactorOn');
  }

  @Composes('account.second_factor_off')
  secondFactorOff({ userId }: MailJob<'account.second_factor_off'>): Promise<Mail | undefined> {
    return this.aboutSecurity(userId, 'secondFactorOff');
  }

  @Composes('account.recovery_code_used')
  recoveryCodeUsed({ userId, data }: MailJob<'account.recovery_code_used'>): Promise<Mail | undefined> {
    return this.aboutSecurity(userId, 'recoveryCodeUsed', `${data.left}`);
  }

  @Composes('account.passkey_added')
  passkeyAdded({ userId, data }: MailJob<'account.passkey_added'>): Promise<Mail | undefined> {
    return this.aboutSecurity(userId, 'passkeyAdded', data.name);
  }

  @Composes('account.passkey_removed')
  passkeyRemoved({ userId, data }: MailJob<'account.passkey_removed'>): Promise<Mail | undefined> {
    return this.aboutSecurity(userId, 'passkeyRemoved', data.name);
  }

  @Composes('account.passkey_refused')
  passkeyRefused({ userId, data }: MailJob<'account.passkey_refused'>): Promise<Mail | undefined> {
    return this.aboutSecurity(userId, 'passkeyRefused', data.name);
  }

  @Composes('account.identity_linked')
  identityLinked({ userId, data }: MailJob<'account.identity_linked'>): Promise<Mail | undefined> {
    return this.aboutSecurity(userId, 'identityLinked', data.name);
  }

  @Addresses('account.identity_linked')
  identityLinkedTo({ userId }: MailJob<'account.identity_linked'>): Promise<Envelope | undefined> {
    return this.envelope(userId, 'identityLinked');
  }

  @Addresses('account.new_device')
  newDeviceTo({ userId }: MailJob<'account.new_device'>): Promise<Envelope | undefined> {
    return this.envelope(userId, 'newDevice');
  }

  @Addresses('account.second_factor_on')
  secondFactorOnTo({ userId }: MailJob<'account.second_factor_on'>): Promise<Envelope | undefined> {
    return this.envelope(userId, 'secondFactorOn');
  }

  @Addresses('account.second_factor_off')
  secondFactorOffTo({ userId }: MailJob<'account.second_factor_off'>): Promise<Envelope | undefined> {
    return this.envelope(userId, 'secondFactorOff');
  }

  @Addresses('account.recovery_code_used')
  recoveryCodeUsedTo({ userId }: MailJob<'account.recovery_code_used'>): Promise<Envelope | undefined> {
    return this.envelope(userId, 'recoveryCodeUsed');
  }

  @Addresses('account.passkey_added')
  passkeyAddedTo({ userId }: MailJob<'account.passkey_added'>): Promise<Envelope | undefined> {
    return this.envelope(userId, 'passkeyAdded');
  }

  @Addresses('account.passkey_removed')
  passkeyRemovedTo({ userId }: MailJob<'account.passkey_removed'>): Promise<Envelope | undefined> {
    return this.envelope(userId, 'passkeyRemoved');
  }

  @Addresses('account.passkey_refused')
  passkeyRefusedTo({ userId }: MailJob<'account.passkey_refused'>): Promise<Envelope | undefined> {
    return this.envelope(userId, 'passkeyRefused');
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

  private async withLink(user: LivingUser, purpose: Linked, preview = false): Promise<Mail> {
    if (preview) return this.letter(user, purpose, `${this.config.http.publicUrl}/${purpose}`);
    const token = newToken();
    await this.links.insert(tokenHash(token), user.id, purpose, SECONDS[purpose]);
    return this.letter(user, purpose, `${this.config.http.publicUrl}/${purpose}?token=${token}`);
  }

  private async aboutSecurity(userId: string, which: Which, about = ''): Promise<Mail | undefined> {
    const user = await this.users.find(userId);
    return user
      ? this.letter(user, which, `${this.config.http.publicUrl}/account/security`, about)
      : undefined;
  }

  private async letter(
    { locale, email: to, name }: LivingUser,
    which: Which,
    url?: string,
    about = '',
  ): Promise<Mail> {
    const { subject, paragraphs: texts, button } = ACCOUNT_TEXTS[locale][which];
    const paragraphs = texts.map((text) => text.replace('{about}', () => about));
    const link = url !== undefined && { button: { url, label: button } };
    return compose({ locale, to, name, subject, paragraphs, ...link }, await this.house.letterhead(locale));
  }
}
