import { Injectable } from '@nestjs/common';
import type {} from '../accounts/accounts.facts.js';
import type { Tx } from '../database/tx.js';
import type { Fact } from '../facts/fact-map.js';
import { OnFact } from '../facts/facts.decorators.js';
import { EntriesRepository } from './entries.repository.js';

/** Nobody is offered seats who is not there any more. */
@Injectable()
export class LeavingService {
  constructor(private readonly entries: EntriesRepository) {}

  @OnFact('account.erased', { name: 'waitlist.leave' })
  async onErased(tx: Tx, { streamId }: Fact<'account.erased'>): Promise<void> {
    await this.entries.leaveAll(tx, streamId);
  }
}
