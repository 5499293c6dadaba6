import { Injectable } from '@nestjs/common';
import type {} from '../auth/accounts/accounts.facts.js';
import type { Tx } from '../platform/database/tx.js';
import type { Fact } from '../platform/facts/fact-map.js';
import { OnFact } from '../platform/facts/facts.decorators.js';
import { EntriesRepository } from './entries.repository.js';

/** Takes people out of every line when their account is deleted. */
@Injectable()
export class LeavingService {
  constructor(private readonly entries: EntriesRepository) {}

  @OnFact('account.erased', { name: 'waitlist.leave' })
  async onErased(tx: Tx, { streamId }: Fact<'account.erased'>): Promise<void> {
    await this.entries.leaveAll(tx, streamId);
  }
}
