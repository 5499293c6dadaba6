import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { VenuesModule } from '../venues/venues.module.js';
import { AnalyticsController } from './analytics.controller.js';
import { AnalyticsRepository } from './analytics.repository.js';
import { AnalyticsService } from './analytics.service.js';
import { RollupsModule } from './rollups.module.js';

/** Sales figures, read from rollups that are kept up to date from facts. */
@Module({
  imports: [RollupsModule, EventsModule, VenuesModule],
  controllers: [AnalyticsController],
  providers: [AnalyticsService, AnalyticsRepository],
  exports: [AnalyticsService],
})
export class AnalyticsModule {}
