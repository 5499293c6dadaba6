import { Module } from '@nestjs/common';
import { BookingsModule } from '../../bookings/bookings.module.js';
import { SeatsModule } from '../../inventory/seat-map/seats.module.js';
import { HistoryController } from './history.controller.js';
import { HistoryRepository } from './history.repository.js';
import { HistoryService } from './history.service.js';
import { PastSeatsRepository } from './past-seats.repository.js';
import { PastSeatsService } from './past-seats.service.js';
import { ReplayModule } from './replay.module.js';

@Module({
  imports: [SeatsModule, BookingsModule, ReplayModule],
  controllers: [HistoryController],
  providers: [HistoryRepository, HistoryService, PastSeatsRepository, PastSeatsService],
})
export class HistoryModule {}
