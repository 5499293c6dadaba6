import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { BookingsModule } from '../bookings/bookings.module.js';
import { EventsModule } from '../events/events.module.js';
import { VenuesModule } from '../venues/venues.module.js';
import { BookingTicketsController } from './booking-tickets.controller.js';
import { CheckInController } from './check-in.controller.js';
import { CheckInRepository } from './check-in.repository.js';
import { CheckInService } from './check-in.service.js';
import { TicketDocuments } from './ticket-documents.service.js';
import { TicketKeys } from './ticket-keys.service.js';
import { TicketsController } from './tickets.controller.js';
import { TicketsRepository } from './tickets.repository.js';
import { TicketsService } from './tickets.service.js';
import { TransferMails } from './transfer-mails.service.js';
import { TransfersController } from './transfers.controller.js';
import { TransfersRepository } from './transfers.repository.js';
import { TransfersService } from './transfers.service.js';

@Module({
  imports: [AccountsModule, VenuesModule, EventsModule, BookingsModule],
  controllers: [TicketsController, BookingTicketsController, CheckInController, TransfersController],
  providers: [
    TicketsRepository,
    CheckInRepository,
    TransfersRepository,
    TicketKeys,
    TicketsService,
    TicketDocuments,
    CheckInService,
    TransfersService,
    TransferMails,
  ],
  exports: [TicketsService, TicketDocuments],
})
export class TicketsModule {}
