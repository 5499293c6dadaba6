import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Duties } from './duties.service.js';
import { HousekeepingJobs } from './housekeeping.jobs.js';
import { JobsRepository } from './jobs.repository.js';
import { Jobs } from './jobs.service.js';

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [Duties, Jobs, JobsRepository, HousekeepingJobs],
})
export class JobsModule {}
