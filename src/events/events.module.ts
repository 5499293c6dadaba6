import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { VenuesModule } from '../venues/venues.module.js';
import { EventEntity } from './event.entity.js';
import { EventLifecycle } from './event-lifecycle.service.js';
import { EventListsController } from './event-lists.controller.js';
import { EventListsService } from './event-lists.service.js';
import { EventsController } from './events.controller.js';
import { EventsJobs } from './events.jobs.js';
import { EventsRepository } from './events.repository.js';
import { EventsService } from './events.service.js';
import { ListingsRepository } from './listings.repository.js';
import { RefundPoliciesRepository } from './refund-policies.repository.js';
import { RefundPolicies } from './refund-policies.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([EventEntity]), VenuesModule],
  // Lists first: `/events/upcoming` must not be read as an id.
  controllers: [EventListsController, EventsController],
  providers: [
    EventsService,
    EventListsService,
    EventLifecycle,
    EventsJobs,
    EventsRepository,
    RefundPolicies,
    RefundPoliciesRepository,
    ListingsRepository,
  ],
  exports: [EventsService, EventListsService, EventLifecycle, RefundPolicies],
})
export class EventsModule {}
