import { Module } from '@nestjs/common';
import { AccountsModule } from '../../auth/accounts/accounts.module.js';
import { BookingsModule } from '../../bookings/bookings.module.js';
import { PaymentsModule } from '../../payments/payments/payments.module.js';
import { PeopleController } from './people.controller.js';
import { PersonService } from './person.service.js';

/** Accounts with all that belongs to them, for administrators. */
@Module({
  imports: [AccountsModule, BookingsModule, PaymentsModule],
  controllers: [PeopleController],
  providers: [PersonService],
})
export class PeopleModule {}
