import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Config } from '../config/config.js';
import { DevMailController } from './dev-mail.controller.js';
import { DevMailEntity } from './dev-mail.entity.js';
import { DevMailRepository } from './dev-mail.repository.js';
import { DevMailService } from './dev-mail.service.js';
import { DevMailAttachmentEntity } from './dev-mail-attachment.entity.js';
import { MailEntity } from './mail.entity.js';
import { MailJobs } from './mail.jobs.js';
import { MailService } from './mail.service.js';
import { MailComposers } from './mail-composers.js';
import { MailOperationsService } from './mail-operations.service.js';
import { MailWorkerService } from './mail-worker.service.js';
import { MAILBOX, type Mailbox, Undeliverable } from './mailbox.js';
import { MailsRepository } from './mails.repository.js';

/** Mails carry links that stand for a password, so production without an SMTP server shows none of them. */
const nowhere: Mailbox = {
  deliver: () => Promise.reject(new Undeliverable('SMTP_URL is not set')),
};

@Global()
@Module({})
export class MailModule {
  static with({ env, mail: { smtpUrl, from, timeoutMs, devReaders } }: Config): DynamicModule {
    const production = env === 'production';
    return {
      module: MailModule,
      imports: [
        DiscoveryModule,
        TypeOrmModule.forFeature([MailEntity, DevMailEntity, DevMailAttachmentEntity]),
      ],
      controllers: devReaders === 'off' ? [] : [DevMailController],
      providers: [
        MailService,
        MailsRepository,
        MailComposers,
        MailWorkerService,
        MailOperationsService,
        MailJobs,
        DevMailRepository,
        DevMailService,
        {
          provide: MAILBOX,
          inject: [DevMailRepository],
          useFactory: async (stored: DevMailRepository): Promise<Mailbox> => {
            if (!smtpUrl) return production ? nowhere : stored;
            const { SmtpMailbox } = await import('./smtp.mailbox.js');
            return new SmtpMailbox(smtpUrl, from, timeoutMs);
          },
        },
      ],
      exports: [MailService, MailOperationsService],
    };
  }
}
