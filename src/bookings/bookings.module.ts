import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { InventoryModule } from '../inventory/inventory.module.js';
import { VenuesModule } from '../venues/venues.module.js';
import { BookingsController } from './bookings.controller.js';
import { BookingsRepository } from './bookings.repository.js';
import { BookingsService } from './bookings.service.js';
import { HoldsController } from './holds.controller.js';
import { PlaceNamesService } from './place-names.service.js';

@Module({
  imports: [VenuesModule, EventsModule, InventoryModule],
  controllers: [HoldsController, BookingsController],
  providers: [BookingsRepository, BookingsService, PlaceNamesService],
  exports: [BookingsService, PlaceNamesService],
})
export class BookingsModule {}
