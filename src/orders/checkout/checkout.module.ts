import { Module } from '@nestjs/common';
import { BookingsModule } from '../../bookings/bookings.module.js';
import { EventsModule } from '../../events/events.module.js';
import { InventoryModule } from '../../inventory/inventory.module.js';
import { PaymentsModule } from '../../payments/payments/payments.module.js';
import { TicketsModule } from '../../tickets/tickets.module.js';
import { CheckoutController } from './checkout.controller.js';
import { CheckoutRepository } from './checkout.repository.js';
import { CheckoutSaga } from './checkout.saga.js';
import { CheckoutService } from './checkout.service.js';
import { CheckoutLockService } from './checkout-lock.service.js';
import { PaymentAuthorizationService } from './payment-authorization.service.js';

@Module({
  imports: [EventsModule, InventoryModule, BookingsModule, PaymentsModule, TicketsModule],
  controllers: [CheckoutController],
  providers: [
    CheckoutRepository,
    PaymentAuthorizationService,
    CheckoutLockService,
    CheckoutSaga,
    CheckoutService,
  ],
  exports: [CheckoutService],
})
export class CheckoutModule {}
