import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CONFIG, type Config } from '../config/config.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { BROKER, Broker } from './broker.js';
import { CursorsRepository } from './cursors.repository.js';
import { FactHandlers } from './fact-handlers.js';
import { FactBroadcast } from './facts.broadcast.js';
import { FactRelay } from './facts.relay.js';
import { FactsRepository } from './facts.repository.js';
import { FactsService } from './facts.service.js';
import { OutboxController } from './outbox.controller.js';
import { OutboxService } from './outbox.service.js';
import { ParkedStreamEntity } from './parked-stream.entity.js';
import { PartitionsJobs } from './partitions.jobs.js';
import { PartitionsRepository } from './partitions.repository.js';
import { PartitionsService } from './partitions.service.js';
import { RebuildsRepository } from './rebuilds.repository.js';
import { RebuildsService } from './rebuilds.service.js';
import { SealsJobs } from './seals.jobs.js';
import { SealsModule } from './seals.module.js';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([ParkedStreamEntity]), DiscoveryModule, JobsModule, SealsModule],
  controllers: [OutboxController],
  providers: [
    {
      provide: BROKER,
      inject: [CONFIG],
      useFactory: ({ broker }: Config) => broker && new Broker(broker.url),
    },
    FactsRepository,
    CursorsRepository,
    FactHandlers,
    FactRelay,
    FactBroadcast,
    FactsService,
    OutboxService,
    PartitionsRepository,
    PartitionsService,
    PartitionsJobs,
    RebuildsService,
    RebuildsRepository,
    SealsJobs,
  ],
  exports: [FactsService, OutboxService, RebuildsService],
})
export class FactsModule {}
