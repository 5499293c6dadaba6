import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ImagesModule } from '../images/images.module.js';
import { VenuesModule } from '../venues/venues.module.js';
import { EventEntity } from './event.entity.js';
import { EventImagesController } from './event-images.controller.js';
import { EventImagesService } from './event-images.service.js';
import { EventLifecycleService } from './event-lifecycle.service.js';
import { EventListsController } from './event-lists.controller.js';
import { EventListsService } from './event-lists.service.js';
import { EventsController } from './events.controller.js';
import { EventsJobs } from './events.jobs.js';
import { EventsRepository } from './events.repository.js';
import { EventsService } from './events.service.js';
import { ListingsRepository } from './listings.repository.js';
import { PriceTierEntity } from './price-tier.entity.js';
import { RefundPoliciesRepository } from './refund-policies.repository.js';
import { RefundPoliciesService } from './refund-policies.service.js';
import { SalePauseService } from './sale-pause.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([EventEntity, PriceTierEntity]), VenuesModule, ImagesModule],
  // Lists first: `/events/upcoming` must not be read as an id.
  controllers: [EventListsController, EventsController, EventImagesController],
  providers: [
    EventsService,
    EventListsService,
    EventImagesService,
    EventLifecycleService,
    SalePauseService,
    EventsJobs,
    EventsRepository,
    RefundPoliciesService,
    RefundPoliciesRepository,
    ListingsRepository,
  ],
  exports: [
    EventsService,
    EventImagesService,
    EventListsService,
    EventLifecycleService,
    RefundPoliciesService,
  ],
})
export class EventsModule {}
