import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CONFIG, type Config } from '../config/config.js';
import { BROKER, Broker } from './broker.js';
import { CursorsRepository } from './cursors.repository.js';
import { FactHandlers } from './fact-handlers.js';
import { FactBroadcast } from './facts.broadcast.js';
import { FactRelay } from './facts.relay.js';
import { FactsRepository } from './facts.repository.js';
import { Facts } from './facts.service.js';

@Global()
@Module({
  imports: [DiscoveryModule],
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
  ],
  exports: [Facts],
})
export class FactsModule {}
