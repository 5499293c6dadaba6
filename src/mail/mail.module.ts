import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import type { Config } from '../config/config.js';
import { DevMailController } from './dev-mail.controller.js';
import { DevMailRepository } from './dev-mail.repository.js';
import { DevMailService } from './dev-mail.service.js';
import { MailJobs } from './mail.jobs.js';
import { MailService } from './mail.service.js';
import { MailComposers } from './mail-composers.js';
import { MailOperations } from './mail-operations.service.js';
import { MailWorker } from './mail-worker.service.js';
import { MAILBOX, type Mailbox, Undeliverable } from './mailbox.js';
import { MailsController } from './mails.controller.js';
import { MailsRepository } from './mails.repository.js';
import { SmtpMailbox } from './smtp.mailbox.js';

/** Mails carry links that stand for a password, so production without an SMTP server shows none of them. */
const nowhere: Mailbox = {
  deliver: () => Promise.reject(new Undeliverable('SMTP_URL is not set')),
};

@Global()
@Module({})
export class MailModule {
  static with({ env, smtpUrl, mailFrom, mailTimeoutMs }: Config): DynamicModule {
    const production = env === 'production';
    return {
      module: MailModule,
      imports: [DiscoveryModule],
      controllers: [MailsController, ...(production ? [] : [DevMailController])],
      providers: [
        MailService,
        MailsRepository,
        MailComposers,
        MailWorker,
        MailOperations,
        MailJobs,
        DevMailRepository,
        DevMailService,
        {
          provide: MAILBOX,
          inject: [DevMailRepository],
          useFactory: (stored: DevMailRepository): Mailbox => {
            if (smtpUrl) return new SmtpMailbox(smtpUrl, mailFrom, mailTimeoutMs);
            return production ? nowhere : stored;
          },
        },
      ],
      exports: [MailService],
    };
  }
}
