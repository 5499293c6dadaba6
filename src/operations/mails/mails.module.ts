import { Module } from '@nestjs/common';
import { AccountsModule } from '../../auth/accounts/accounts.module.js';
import { MailsController } from './mails.controller.js';
import { OperatorMailsService } from './operator-mails.service.js';

/** Outgoing mail for administrators. */
@Module({
  imports: [AccountsModule],
  controllers: [MailsController],
  providers: [OperatorMailsService],
})
export class MailsModule {}
