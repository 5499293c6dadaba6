import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CONFIG, type Config } from '../config/config.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { BROKER, Broker } from './broker.js';
import { CursorsRepository } from './cursors.repository.js';
import { FactHandlers } from './fact-handlers.js';
import { FactBroadcast } from './facts.broadcast.js';
import { FactRelay } from './facts.relay.js';
import { FactsRepository } from './facts.repository.js';
import { Facts } from './facts.service.js';
import { OutboxController } from './outbox.controller.js';
import { Outbox } from './outbox.service.js';
import { PartitionsJobs } from './partitions.jobs.js';
import { PartitionsRepository } from './partitions.repository.js';
import { Partitions } from './partitions.service.js';
import { RebuildsRepository } from './rebuilds.repository.js';
import { Rebuilds } from './rebuilds.service.js';
import { SealsJobs } from './seals.jobs.js';
import { SealsModule } from './seals.module.js';

@Global()
@Module({
  imports: [DiscoveryModule, JobsModule, SealsModule],
  controllers: [OutboxController],
  providers: [
    {
      provide: BROKER,
      inject: [CONFIG],
      useFactory: ({ amqpUrl }: Config) => (amqpUrl ? new Broker(amqpUrl) : undefined),
    },
    FactsRepository,
    CursorsRepository,
    FactHandlers,
    FactRelay,
    FactBroadcast,
    Facts,
    Outbox,
    PartitionsRepository,
    Partitions,
    PartitionsJobs,
    Rebuilds,
    RebuildsRepository,
    SealsJobs,
  ],
  exports: [Facts, Outbox, Rebuilds],
})
export class FactsModule {}
