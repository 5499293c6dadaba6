import { Module } from '@nestjs/common';
import { AnalyticsModule } from '../analytics/analytics.module.js';
import { BookingsModule } from '../bookings/bookings.module.js';
import { InventoryModule } from '../inventory/inventory.module.js';
import { SeatsModule } from '../inventory/seat-map/seats.module.js';
import { NotificationsModule } from '../notifications/notifications/notifications.module.js';
import { AsyncApiController } from './asyncapi.controller.js';
import { AsyncApiService } from './asyncapi.service.js';
import { LiveGateway } from './live.gateway.js';
import { LiveBookingsService } from './live-bookings.service.js';
import { LiveConnectionsService } from './live-connections.service.js';
import { LiveNotificationsService } from './live-notifications.service.js';
import { LiveOffersService } from './live-offers.service.js';
import { LiveRightsService } from './live-rights.service.js';
import { LiveRoomsService } from './live-rooms.service.js';
import { LiveSalesService } from './live-sales.service.js';
import { LiveSessionsService } from './live-sessions.service.js';

/** Seats and bookings as they change, over sockets. */
@Module({
  imports: [InventoryModule, SeatsModule, BookingsModule, AnalyticsModule, NotificationsModule],
  controllers: [AsyncApiController],
  providers: [
    LiveGateway,
    LiveConnectionsService,
    LiveRoomsService,
    LiveSalesService,
    LiveSessionsService,
    LiveBookingsService,
    LiveOffersService,
    LiveNotificationsService,
    LiveRightsService,
    AsyncApiService,
  ],
  exports: [LiveSessionsService],
})
export class LiveModule {}
