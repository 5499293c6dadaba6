import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccountsModule } from '../../auth/accounts/accounts.module.js';
import { BookingsModule } from '../../bookings/bookings.module.js';
import { EventsModule } from '../../events/events.module.js';
import { HouseModule } from '../../house/house.module.js';
import { PaymentsModule } from '../../payments/payments/payments.module.js';
import { TicketsModule } from '../../tickets/tickets.module.js';
import { VenuesModule } from '../../venues/venues.module.js';
import { AudienceRepository } from './audience.repository.js';
import { EventNoticesService } from './event-notices.service.js';
import { NotificationEntity } from './notification.entity.js';
import { NotificationAttachmentsService } from './notification-attachments.service.js';
import { NotificationIntakeService } from './notification-intake.service.js';
import { NotificationMailsService } from './notification-mails.service.js';
import { NotificationsController } from './notifications.controller.js';
import { NotificationsRepository } from './notifications.repository.js';
import { NotificationsService } from './notifications.service.js';
import { NotifierService } from './notifier.service.js';
import { PreferenceEntity } from './preference.entity.js';
import { PreferencesRepository } from './preferences.repository.js';
import { PreferencesService } from './preferences.service.js';

/** Notifications: in a list, over the socket and by mail. */
@Module({
  imports: [
    TypeOrmModule.forFeature([NotificationEntity, PreferenceEntity]),
    HouseModule,
    AccountsModule,
    VenuesModule,
    EventsModule,
    BookingsModule,
    PaymentsModule,
    TicketsModule,
  ],
  controllers: [NotificationsController],
  providers: [
    NotificationsRepository,
    PreferencesRepository,
    AudienceRepository,
    NotifierService,
    NotificationIntakeService,
    EventNoticesService,
    NotificationAttachmentsService,
    NotificationMailsService,
    NotificationsService,
    PreferencesService,
  ],
  exports: [NotificationsService],
})
export class NotificationsModule {}
