import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { VenuesModule } from '../venues/venues.module.js';
import { BlockingService } from './blocking.service.js';
import { FeedNews } from './feed-news.service.js';
import { FreePlacesJobs } from './free-places.jobs.js';
import { HoldsRepository } from './holds.repository.js';
import { HoldsService } from './holds.service.js';
import { InventoryRepository } from './inventory.repository.js';
import { InventoryService } from './inventory.service.js';
import { InventoryMemory } from './inventory-memory.service.js';
import { OpenBookings } from './open-bookings.service.js';
import { PublishingController } from './publishing.controller.js';
import { PublishingRepository } from './publishing.repository.js';
import { PublishingService } from './publishing.service.js';
import { SeatFence } from './seat-fence.service.js';
import { SweeperJobs } from './sweeper.jobs.js';

@Module({
  imports: [VenuesModule, EventsModule],
  controllers: [PublishingController],
  providers: [
    InventoryRepository,
    InventoryMemory,
    SeatFence,
    FeedNews,
    InventoryService,
    HoldsRepository,
    HoldsService,
    PublishingRepository,
    PublishingService,
    BlockingService,
    SweeperJobs,
    OpenBookings,
    FreePlacesJobs,
  ],
  exports: [InventoryMemory, InventoryService, HoldsService, PublishingService],
})
export class InventoryModule {}
