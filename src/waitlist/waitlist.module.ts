import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { BookingsModule } from '../bookings/bookings.module.js';
import { EventsModule } from '../events/events.module.js';
import { InventoryModule } from '../inventory/inventory.module.js';
import { EntriesRepository } from './entries.repository.js';
import { EntryEntity } from './entry.entity.js';
import { EventWaitlistController } from './event-waitlist.controller.js';
import { LeavingService } from './leaving.service.js';
import { LineRepository } from './line.repository.js';
import { MatcherJobs } from './matcher.jobs.js';
import { MatcherService } from './matcher.service.js';
import { WaitlistController } from './waitlist.controller.js';
import { WaitlistService } from './waitlist.service.js';

/** Lines for sold-out events: freed seats reach those who wait, in order and for groups. */
@Module({
  imports: [TypeOrmModule.forFeature([EntryEntity]), EventsModule, InventoryModule, BookingsModule],
  controllers: [EventWaitlistController, WaitlistController],
  providers: [
    EntriesRepository,
    LineRepository,
    WaitlistService,
    LeavingService,
    MatcherService,
    MatcherJobs,
  ],
})
export class WaitlistModule {}
