import { Injectable } from '@nestjs/common';
import type {} from '../accounts/accounts.facts.js';
import type { Tx } from '../database/tx.js';
import type { Fact } from '../facts/fact-map.js';
import { OnFact } from '../facts/facts.decorators.js';
import { WebhooksRepository } from './webhooks.repository.js';

/** Nothing is told to the systems of somebody who is not there any more. */
@Injectable()
export class LeavingOrganizers {
  constructor(private readonly webhooks: WebhooksRepository) {}

  @OnFact('account.erased', { name: 'webhooks.leave' })
  async onErased(tx: Tx, { streamId }: Fact<'account.erased'>): Promise<void> {
    await this.webhooks.deleteOf(tx, streamId);
  }
}
