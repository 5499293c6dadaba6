import { Module } from '@nestjs/common';
import { AccountsModule } from '../../auth/accounts/accounts.module.js';
import { BookingsModule } from '../../bookings/bookings.module.js';
import { EventsModule } from '../../events/events.module.js';
import { CheckoutModule } from '../../orders/checkout/checkout.module.js';
import { PaymentsModule } from '../../payments/payments/payments.module.js';
import { VenuesModule } from '../../venues/venues.module.js';
import { InvariantsModule } from '../invariants/invariants.module.js';
import { DemoLoginsController } from './demo-logins.controller.js';
import { DemoLoginsService } from './demo-logins.service.js';
import { DemoPastRepository } from './demo-past.repository.js';
import { RushController } from './rush.controller.js';
import { RushService } from './rush.service.js';

/** Parts of a demo that the product lacks. */
@Module({
  imports: [
    AccountsModule,
    VenuesModule,
    EventsModule,
    BookingsModule,
    PaymentsModule,
    CheckoutModule,
    InvariantsModule,
  ],
  controllers: [DemoLoginsController, RushController],
  providers: [DemoPastRepository, DemoLoginsService, RushService],
})
export class DemoModule {}
