import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PlanEntity } from './plan.entity.js';
import { PlansController } from './plans.controller.js';
import { PlansRepository } from './plans.repository.js';
import { PlansService } from './plans.service.js';
import { VenueEntity } from './venue.entity.js';
import { VenuesController } from './venues.controller.js';
import { VenuesRepository } from './venues.repository.js';
import { VenuesService } from './venues.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([VenueEntity, PlanEntity])],
  controllers: [VenuesController, PlansController],
  providers: [VenuesService, VenuesRepository, PlansService, PlansRepository],
  exports: [VenuesService, PlansService],
})
export class VenuesModule {}
