import { Injectable } from '@nestjs/common';
import { Every } from '../../platform/jobs/jobs.decorators.js';
import { SessionsService } from '../tokens/sessions.service.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';

/** Deletes expired sessions and links, which only bounds the size of the tables. */
@Injectable()
export class AccountsJobs {
  constructor(
    private readonly sessions: SessionsService,
    private readonly links: OneTimeTokensRepository,
  ) {}

  @Every({ name: 'accounts.forget-old', seconds: 3_600 })
  async forgetOld(): Promise<void> {
    await this.sessions.purge();
    await this.links.purge();
  }
}
