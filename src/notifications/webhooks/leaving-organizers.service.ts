import { Injectable } from '@nestjs/common';
import type {} from '../../auth/accounts/accounts.facts.js';
import { GrantsService } from '../../auth/grants/grants.service.js';
import type { Tx } from '../../platform/database/tx.js';
import type { Fact } from '../../platform/facts/fact-map.js';
import { OnFact } from '../../platform/facts/facts.decorators.js';
import { WebhooksRepository } from './webhooks.repository.js';

/** Deletes the webhooks of an organisation whose founder is erased, unless others are there. */
@Injectable()
export class LeavingOrganizersService {
  constructor(
    private readonly webhooks: WebhooksRepository,
    private readonly grants: GrantsService,
  ) {}

  @OnFact('account.erased', { name: 'webhooks.leave' })
  async onErased(tx: Tx, { streamId }: Fact<'account.erased'>): Promise<void> {
    // The organisation has the id of the account that it was made with.
    const members = await this.grants.membersOf(tx, streamId);
    if (members.length === 0) await this.webhooks.deleteOf(tx, streamId);
  }
}
