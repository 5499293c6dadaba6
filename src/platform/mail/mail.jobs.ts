import { Injectable } from '@nestjs/common';
import { Every } from '../jobs/jobs.decorators.js';
import { MailsRepository } from './mails.repository.js';

const SENT_DAYS = 7;
const FAILED_DAYS = 30;
const PURGE_BATCH_ROWS = 5_000;

@Injectable()
export class MailJobs {
  constructor(private readonly mails: MailsRepository) {}

  @Every({ name: 'mail.forget-old', seconds: 3_600 })
  async forgetOld(): Promise<void> {
    while ((await this.mails.forget(SENT_DAYS, FAILED_DAYS, PURGE_BATCH_ROWS)) === PURGE_BATCH_ROWS);
  }
}
