import { Module } from '@nestjs/common';
import { EventsModule } from '../../events/events.module.js';
import { VenuesModule } from '../../venues/venues.module.js';
import { PagesService } from './pages.service.js';

@Module({ imports: [EventsModule, VenuesModule], providers: [PagesService] })
export class WebModule {}
