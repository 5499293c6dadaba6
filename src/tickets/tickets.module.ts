import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../auth/accounts/accounts.module.js';
import { BookingsModule } from '../bookings/bookings.module.js';
import { EventsModule } from '../events/events.module.js';
import { HouseModule } from '../house/house.module.js';
import { ImagesModule } from '../images/images.module.js';
import { OrganisationsModule } from '../organisations/organisations.module.js';
import { VenuesModule } from '../venues/venues.module.js';
import { BookingTicketsController } from './booking-tickets.controller.js';
import { TicketKeysService } from './codes/ticket-keys.service.js';
import { TicketCalendarService } from './documents/ticket-calendar.service.js';
import { TicketDocumentsService } from './documents/ticket-documents.service.js';
import { TicketPrinterService } from './documents/ticket-printer.service.js';
import { TicketSheetsService } from './documents/ticket-sheets.service.js';
import { CheckInController } from './gates/check-in.controller.js';
import { CheckInRepository } from './gates/check-in.repository.js';
import { CheckInService } from './gates/check-in.service.js';
import { TicketEntity } from './ticket.entity.js';
import { TicketsController } from './tickets.controller.js';
import { TicketsRepository } from './tickets.repository.js';
import { TicketsService } from './tickets.service.js';
import { TransferEntity } from './transfers/transfer.entity.js';
import { TransferMailsService } from './transfers/transfer-mails.service.js';
import { TransfersController } from './transfers/transfers.controller.js';
import { TransfersRepository } from './transfers/transfers.repository.js';
import { TransfersService } from './transfers/transfers.service.js';

@Module({
  imports: [
    OrganisationsModule,
    TypeOrmModule.forFeature([TicketEntity, TransferEntity]),
    HouseModule,
    ImagesModule,
    AccountsModule,
    VenuesModule,
    EventsModule,
    BookingsModule,
  ],
  controllers: [TicketsController, BookingTicketsController, CheckInController, TransfersController],
  providers: [
    TicketsRepository,
    CheckInRepository,
    TransfersRepository,
    TicketKeysService,
    TicketsService,
    TicketDocumentsService,
    TicketPrinterService,
    TicketSheetsService,
    TicketCalendarService,
    CheckInService,
    TransfersService,
    TransferMailsService,
  ],
  exports: [TicketsService, TicketDocumentsService, TicketCalendarService],
})
export class TicketsModule {}
