import { Module } from '@nestjs/common';
import { EventsModule } from '../../events/events.module.js';
import { PaymentsModule } from '../../payments/payments/payments.module.js';
import { RefundsController } from './refunds.controller.js';
import { RefundsRepository } from './refunds.repository.js';
import { RefundsService } from './refunds.service.js';

@Module({
  imports: [EventsModule, PaymentsModule],
  controllers: [RefundsController],
  providers: [RefundsRepository, RefundsService],
})
export class RefundsModule {}
