import { Module } from '@nestjs/common';
import { AnalyticsModule } from '../analytics/analytics.module.js';
import { BookingsModule } from '../bookings/bookings.module.js';
import { InventoryModule } from '../inventory/inventory.module.js';
import { NotificationsModule } from '../notifications/notifications.module.js';
import { SeatsModule } from '../seats/seats.module.js';
import { AsyncApiController } from './asyncapi.controller.js';
import { AsyncApiService } from './asyncapi.service.js';
import { LiveGateway } from './live.gateway.js';
import { LiveBookings } from './live-bookings.service.js';
import { LiveConnections } from './live-connections.service.js';
import { LiveNotifications } from './live-notifications.service.js';
import { LiveOffers } from './live-offers.service.js';
import { LiveRooms } from './live-rooms.service.js';
import { LiveSales } from './live-sales.service.js';
import { LiveSessions } from './live-sessions.service.js';

/** Seats and bookings as they change, over sockets. */
@Module({
  imports: [InventoryModule, SeatsModule, BookingsModule, AnalyticsModule, NotificationsModule],
  controllers: [AsyncApiController],
  providers: [
    LiveGateway,
    LiveConnections,
    LiveRooms,
    LiveSales,
    LiveSessions,
    LiveBookings,
    LiveOffers,
    LiveNotifications,
    AsyncApiService,
  ],
  exports: [LiveSessions],
})
export class LiveModule {}
