import { Module } from '@nestjs/common';
import { EventsModule } from '../events/events.module.js';
import { VenuesModule } from '../venues/venues.module.js';
import { AnalyticsController } from './analytics.controller.js';
import { AnalyticsRepository } from './analytics.repository.js';
import { Analytics } from './analytics.service.js';
import { RollupsModule } from './rollups.module.js';

/** What was sold, read from rollups that facts keep. */
@Module({
  imports: [RollupsModule, EventsModule, VenuesModule],
  controllers: [AnalyticsController],
  providers: [Analytics, AnalyticsRepository],
  exports: [Analytics],
})
export class AnalyticsModule {}
