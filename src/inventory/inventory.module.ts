import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { HouseModule } from '../house/house.module.js';
import { VenuesModule } from '../venues/venues.module.js';
import { BlockingService } from './changes/blocking.service.js';
import { ChangesRepository } from './changes/changes.repository.js';
import { InventoryService } from './changes/inventory.service.js';
import { PublishingController } from './changes/publishing.controller.js';
import { PublishingRepository } from './changes/publishing.repository.js';
import { PublishingService } from './changes/publishing.service.js';
import { RecountPlacesJobs } from './changes/recount-places.jobs.js';
import { SweeperJobs } from './changes/sweeper.jobs.js';
import { HoldsRepository } from './holds/holds.repository.js';
import { HoldsService } from './holds/holds.service.js';
import { OpenBookingsService } from './holds/open-bookings.service.js';
import { FeedNewsService } from './memory/feed-news.service.js';
import { InventoryRepository } from './memory/inventory.repository.js';
import { InventoryMemoryService } from './memory/inventory-memory.service.js';
import { SeatFenceService } from './memory/seat-fence.service.js';

@Module({
  imports: [HouseModule, VenuesModule, EventsModule],
  controllers: [PublishingController],
  providers: [
    ChangesRepository,
    InventoryRepository,
    InventoryMemoryService,
    SeatFenceService,
    FeedNewsService,
    InventoryService,
    HoldsRepository,
    HoldsService,
    PublishingRepository,
    PublishingService,
    BlockingService,
    SweeperJobs,
    OpenBookingsService,
    RecountPlacesJobs,
  ],
  exports: [InventoryMemoryService, InventoryService, HoldsService, PublishingService],
})
export class InventoryModule {}
