import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DutiesService } from './duties.service.js';
import { HousekeepingJobs } from './housekeeping.jobs.js';
import { JobEntity } from './job.entity.js';
import { JobsRepository } from './jobs.repository.js';
import { JobsService } from './jobs.service.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([JobEntity]), DiscoveryModule],
  providers: [DutiesService, JobsService, JobsRepository, HousekeepingJobs],
})
export class JobsModule {}
