import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { BookingsModule } from '../bookings/bookings.module.js';
import { EventsModule } from '../events/events.module.js';
import { TicketsModule } from '../tickets/tickets.module.js';
import { VenuesModule } from '../venues/venues.module.js';
import { AudienceRepository } from './audience.repository.js';
import { EventNotices } from './event-notices.service.js';
import { NotificationIntake } from './notification-intake.service.js';
import { NotificationMails } from './notification-mails.service.js';
import { NotificationsController } from './notifications.controller.js';
import { NotificationsRepository } from './notifications.repository.js';
import { NotificationsService } from './notifications.service.js';
import { Notifier } from './notifier.service.js';
import { PreferencesRepository } from './preferences.repository.js';
import { PreferencesService } from './preferences.service.js';

/** What people are told: in a list, over the socket and by mail. */
@Module({
  imports: [AccountsModule, VenuesModule, EventsModule, BookingsModule, TicketsModule],
  controllers: [NotificationsController],
  providers: [
    NotificationsRepository,
    PreferencesRepository,
    AudienceRepository,
    Notifier,
    NotificationIntake,
    EventNotices,
    NotificationMails,
    NotificationsService,
    PreferencesService,
  ],
  exports: [NotificationsService],
})
export class NotificationsModule {}
