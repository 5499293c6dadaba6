import { Module } from '@nestjs/common';
import { EventsModule } from '../../events/events.module.js';
import { OrganisationsModule } from '../../organisations/organisations.module.js';
import { VenuesModule } from '../../venues/venues.module.js';
import { PagesService } from './pages.service.js';

@Module({ imports: [OrganisationsModule, EventsModule, VenuesModule], providers: [PagesService] })
export class WebModule {}
