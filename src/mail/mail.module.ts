import { type DynamicModule, Global, Logger, Module } from '@nestjs/common';
import type { Config } from '../config/config.js';
import { DevMailController } from './dev-mail.controller.js';
import { DevMailRepository } from './dev-mail.repository.js';
import { DevMailService } from './dev-mail.service.js';
import { MailService } from './mail.service.js';
import { MAILBOX, type Mailbox } from './mailbox.js';
import { SmtpMailbox } from './smtp.mailbox.js';

/** Mails carry links that stand for a password, so production without an SMTP server keeps none of them. */
const nowhere: Mailbox = {
  deliver: async ({ subject }) => Logger.warn(`"${subject}" was not sent: SMTP_URL is not set`, 'Mail'),
};

@Global()
@Module({})
export class MailModule {
  static with({ env, smtpUrl, mailFrom }: Config): DynamicModule {
    const production = env === 'production';
    return {
      module: MailModule,
      controllers: production ? [] : [DevMailController],
      providers: [
        MailService,
        DevMailRepository,
        DevMailService,
        {
          provide: MAILBOX,
          inject: [DevMailRepository],
          useFactory: (stored: DevMailRepository): Mailbox =>
            smtpUrl ? new SmtpMailbox(smtpUrl, mailFrom) : production ? nowhere : stored,
        },
      ],
      exports: [MailService],
    };
  }
}
