import { Module } from '@nestjs/common';
import { EventsModule } from '../../events/events.module.js';
import { VenuesModule } from '../../venues/venues.module.js';
import { InventoryModule } from '../inventory.module.js';
import { FeedRepository } from './feed.repository.js';
import { FeedRetentionService } from './feed-retention.service.js';
import { SeatHistoryService } from './seat-history.service.js';
import { SeatMapService } from './seat-map.service.js';
import { SeatStatesService } from './seat-states.service.js';
import { SeatsController } from './seats.controller.js';

/** Seats as clients see them: geometry, state, changes and history. */
@Module({
  imports: [VenuesModule, EventsModule, InventoryModule],
  controllers: [SeatsController],
  providers: [SeatStatesService, SeatMapService, SeatHistoryService, FeedRepository, FeedRetentionService],
  exports: [SeatStatesService],
})
export class SeatsModule {}
