import { Module } from '@nestjs/common';
import { AccountsModule } from '../auth/accounts/accounts.module.js';
import { EventsModule } from '../events/events.module.js';
import { BuyerSessionsController } from './buyer-sessions.controller.js';
import { BuyerSessionsService } from './buyer-sessions.service.js';
import { CustomersController } from './customers.controller.js';
import { CustomersService } from './customers.service.js';

/** Customers of organisations' own shops, and the sessions with which they buy. */
@Module({
  imports: [AccountsModule, EventsModule],
  controllers: [BuyerSessionsController, CustomersController],
  providers: [BuyerSessionsService, CustomersService],
})
export class CustomersModule {}
