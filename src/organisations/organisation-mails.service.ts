import { Inject, Injectable } from '@nestjs/common';
import { AccountsService } from '../auth/accounts/accounts.service.js';
import { newToken, tokenHash } from '../auth/tokens/sessions.service.js';
import { HouseService } from '../house/house.service.js';
import type { Locale } from '../platform/common/locale.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { compose } from '../platform/mail/letter.js';
import { Addresses, Composes } from '../platform/mail/mail.decorators.js';
import type { Envelope, MailJob } from '../platform/mail/mail-map.js';
import type { Mail } from '../platform/mail/mailbox.js';
import { InvitationsRepository } from './invitations.repository.js';
import { ORGANISATION_TEXTS } from './organisation.texts.js';
import { OrganisationsRepository } from './organisations.repository.js';

declare module '../platform/mail/mail-map.js' {
  interface MailMap {
    /** Goes to the invited address, in the language of the one who invites. */
    'organisation.invited': { invitationId: string };
    'organisation.ownership_offered': { organisationId: string };
    /** A key with this name and end was sent in an address; to the person who made it. */
    'organisation.key_leaked': { organisationId: string; key: string; ending: string };
  }
}

interface Addressed {
  readonly locale: Locale;
  readonly to: string;
  /** Absent: it is not known. */
  readonly name?: string;
  readonly organisation: string;
}

/** Writes mails about organisations. The token of a link is made when its mail is sent, so that it is kept nowhere. */
@Injectable()
export class OrganisationMailsService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly accounts: AccountsService,
    private readonly organisations: OrganisationsRepository,
    private readonly invitations: InvitationsRepository,
    private readonly house: HouseService,
  ) {}

  @Composes('organisation.invited')
  async invited(job: MailJob<'organisation.invited'>): Promise<Mail | undefined> {
    const to = await this.invitedOne(job);
    if (!to) return undefined;
    const token = newToken();
    // Only the token of a mail that is sent opens anything.
    if (!job.preview) await this.invitations.setToken(job.data.invitationId, tokenHash(token));
    return this.letter(to, 'invited', job.preview ? '/invitation' : `/invitation?token=${token}`);
  }

  @Addresses('organisation.invited')
  async invitedTo(job: MailJob<'organisation.invited'>): Promise<Envelope | undefined> {
    return envelope(await this.invitedOne(job), 'invited');
  }

  @Composes('organisation.ownership_offered')
  async ownershipOffered(job: MailJob<'organisation.ownership_offered'>): Promise<Mail | undefined> {
    const to = await this.offeredOne(job);
    return to && this.letter(to, 'ownershipOffered', '/desk/members');
  }

  @Addresses('organisation.ownership_offered')
  async ownershipOfferedTo(job: MailJob<'organisation.ownership_offered'>): Promise<Envelope | undefined> {
    return envelope(await this.offeredOne(job), 'ownershipOffered');
  }

  @Composes('organisation.key_leaked')
  async keyLeaked(job: MailJob<'organisation.key_leaked'>): Promise<Mail | undefined> {
    const to = await this.offeredOne(job);
    return to && this.letter(to, 'keyLeaked', '/desk/organisation', `${job.data.key} (… ${job.data.ending})`);
  }

  @Addresses('organisation.key_leaked')
  async keyLeakedTo(job: MailJob<'organisation.key_leaked'>): Promise<Envelope | undefined> {
    return envelope(await this.offeredOne(job), 'keyLeaked');
  }

  private async invitedOne({
    userId,
    data,
  }: MailJob<'organisation.invited'>): Promise<Addressed | undefined> {
    const invitation = await this.invitations.find(data.invitationId);
    const found = invitation && (await this.organisations.find(invitation.organisationId));
    const locale = (await this.accounts.addressee(userId))?.locale ?? 'en';
    return found ? { locale, to: invitation.email, organisation: found.name } : undefined;
  }

  private async offeredOne({
    userId,
    data,
  }: MailJob<'organisation.ownership_offered' | 'organisation.key_leaked'>): Promise<Addressed | undefined> {
    const person = await this.accounts.addressee(userId);
    const found = await this.organisations.find(data.organisationId);
    if (!person || !found) return undefined;
    const { email: to, name, locale } = person;
    return { locale, to, name, organisation: found.name };
  }

  private async letter(to: Addressed, which: Which, path: string, key = ''): Promise<Mail> {
    const { organisation, ...reader } = to;
    const { subject, paragraphs, button } = ORGANISATION_TEXTS[to.locale][which];
    const letter = {
      ...reader,
      subject: subject(organisation),
      paragraphs: paragraphs(organisation, key),
      button: { url: `${this.config.http.publicUrl}${path}`, label: button },
    };
    return compose(letter, await this.house.letterhead(to.locale));
  }
}

type Which = keyof (typeof ORGANISATION_TEXTS)['en'];

const envelope = (to: Addressed | undefined, which: Which): Envelope | undefined =>
  to && { to: to.to, subject: ORGANISATION_TEXTS[to.locale][which].subject(to.organisation) };
