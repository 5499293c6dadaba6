import { Module } from '@nestjs/common';
import { BookingsModule } from '../../bookings/bookings.module.js';
import { EventsModule } from '../../events/events.module.js';
import { InventoryModule } from '../../inventory/inventory.module.js';
import { PaymentsModule } from '../../payments/payments/payments.module.js';
import { TicketsModule } from '../../tickets/tickets.module.js';
import { CancellationController } from './cancellation.controller.js';
import { CancellationRepository } from './cancellation.repository.js';
import { CancellationSaga } from './cancellation.saga.js';
import { CancellationService } from './cancellation.service.js';
import { EventCancellationController } from './event-cancellation.controller.js';
import { EventCancellationRepository } from './event-cancellation.repository.js';
import { EventCancellationSaga } from './event-cancellation.saga.js';
import { EventCancellationService } from './event-cancellation.service.js';
import { RefundQuotesService } from './refund-quotes.service.js';
import { SettlementsController } from './settlements.controller.js';
import { SettlementsService } from './settlements.service.js';

@Module({
  imports: [EventsModule, InventoryModule, BookingsModule, PaymentsModule, TicketsModule],
  controllers: [CancellationController, EventCancellationController, SettlementsController],
  providers: [
    CancellationRepository,
    CancellationService,
    CancellationSaga,
    RefundQuotesService,
    SettlementsService,
    EventCancellationRepository,
    EventCancellationService,
    EventCancellationSaga,
  ],
})
export class CancellationModule {}
