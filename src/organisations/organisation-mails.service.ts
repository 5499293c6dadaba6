import { Inject, Injectable } from '@nestjs/common';
import { AccountsService } from '../auth/accounts/accounts.service.js';
import { newToken, tokenHash } from '../auth/tokens/sessions.service.js';
import { HouseService } from '../house/house.service.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { compose } from '../platform/mail/letter.js';
import { Composes } from '../platform/mail/mail.decorators.js';
import type { MailJob } from '../platform/mail/mail-map.js';
import type { Mail } from '../platform/mail/mailbox.js';
import { InvitationsRepository } from './invitations.repository.js';
import { ORGANISATION_TEXTS } from './organisation.texts.js';
import { OrganisationsRepository } from './organisations.repository.js';

declare module '../platform/mail/mail-map.js' {
  interface MailMap {
    /** Goes to the invited address, in the language of the one who invites. */
    'organisation.invited': { invitationId: string };
    'organisation.ownership_offered': { organisationId: string };
  }
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
  async invited({ userId, data }: MailJob<'organisation.invited'>): Promise<Mail | undefined> {
    const invitation = await this.invitations.find(data.invitationId);
    const organisation = invitation && (await this.organisations.find(invitation.organisationId));
    if (!organisation) return undefined;
    const locale = (await this.accounts.addressee(userId))?.locale ?? 'en';
    const token = newToken();
    await this.invitations.setToken(invitation.id, tokenHash(token));
    const { subject, paragraphs, button } = ORGANISATION_TEXTS[locale].invited;
    const { name } = organisation;
    const url = `${this.config.http.publicUrl}/invitation?token=${token}`;
    return compose(
      {
        locale,
        to: invitation.email,
        subject: subject(name),
        paragraphs: paragraphs(name),
        button: { url, label: button },
      },
      await this.house.letterhead(locale),
    );
  }

  @Composes('organisation.ownership_offered')
  async ownershipOffered({
    userId,
    data,
  }: MailJob<'organisation.ownership_offered'>): Promise<Mail | undefined> {
    const [person, organisation] = await Promise.all([
      this.accounts.addressee(userId),
      this.organisations.find(data.organisationId),
    ]);
    if (!person || !organisation) return undefined;
    const { email: to, name, locale } = person;
    const { subject, paragraphs, button } = ORGANISATION_TEXTS[locale].ownershipOffered;
    const url = `${this.config.http.publicUrl}/desk/members`;
    return compose(
      {
        locale,
        to,
        name,
        subject: subject(organisation.name),
        paragraphs: paragraphs(organisation.name),
        button: { url, label: button },
      },
      await this.house.letterhead(locale),
    );
  }
}
