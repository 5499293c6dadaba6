import { Injectable } from '@nestjs/common';
import { SessionsService } from '../auth/sessions.service.js';
import { Every } from '../jobs/jobs.decorators.js';
import { OneTimeTokensRepository } from './one-time-tokens.repository.js';

/** Deletes what is over: nothing depends on it but the size of the tables. */
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
