import { Injectable } from '@nestjs/common';
import type {} from '../../auth/accounts/accounts.facts.js';
import type { Tx } from '../../platform/database/tx.js';
import type { Fact } from '../../platform/facts/fact-map.js';
import { OnFact } from '../../platform/facts/facts.decorators.js';
import { WebhooksRepository } from './webhooks.repository.js';

/** Deletes the webhooks of organizers whose account is erased. */
@Injectable()
export class LeavingOrganizersService {
  constructor(private readonly webhooks: WebhooksRepository) {}

  @OnFact('account.erased', { name: 'webhooks.leave' })
  async onErased(tx: Tx, { streamId }: Fact<'account.erased'>): Promise<void> {
    await this.webhooks.deleteOf(tx, streamId);
  }
}
