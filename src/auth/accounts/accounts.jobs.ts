import { Injectable } from '@nestjs/common';
import { Every } from '../../platform/jobs/jobs.decorators.js';
import { OneTimeTokensRepository } from '../tokens/one-time-tokens.repository.js';
import { SessionsService } from '../tokens/sessions.service.js';

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
