import { Module } from '@nestjs/common';
import { BookingsModule } from '../bookings/bookings.module.js';
import { EventsModule } from '../events/events.module.js';
import { InventoryModule } from '../inventory/inventory.module.js';
import { PaymentsModule } from '../payments/payments.module.js';
import { CheckoutController } from './checkout.controller.js';
import { CheckoutRepository } from './checkout.repository.js';
import { CheckoutService } from './checkout.service.js';
import { RecoveryJobs } from './recovery.jobs.js';

@Module({
  imports: [EventsModule, InventoryModule, BookingsModule, PaymentsModule],
  controllers: [CheckoutController],
  providers: [CheckoutRepository, CheckoutService, RecoveryJobs],
  exports: [CheckoutService],
})
export class CheckoutModule {}
