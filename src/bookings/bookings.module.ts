import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventsModule } from '../events/events.module.js';
import { InventoryModule } from '../inventory/inventory.module.js';
import { VenuesModule } from '../venues/venues.module.js';
import { BookingEntity } from './booking.entity.js';
import { BookingItemEntity } from './booking-item.entity.js';
import { BookingsController } from './bookings.controller.js';
import { BookingsRepository } from './bookings.repository.js';
import { BookingsService } from './bookings.service.js';
import { HoldAdmissionService } from './hold-admission.service.js';
import { HoldsController } from './holds.controller.js';
import { PlaceNamesService } from './place-names.service.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([BookingEntity, BookingItemEntity]),
    VenuesModule,
    EventsModule,
    InventoryModule,
  ],
  controllers: [HoldsController, BookingsController],
  providers: [BookingsRepository, BookingsService, HoldAdmissionService, PlaceNamesService],
  exports: [BookingsService, PlaceNamesService],
})
export class BookingsModule {}
