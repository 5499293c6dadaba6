import { Global, Module } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { CONFIG, type Config } from '../config/config.js';
import { MetersService } from './meters.service.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsService } from './metrics.service.js';

function createRegistry({ metrics }: Config): Registry {
  const registry = new Registry();
  if (metrics) collectDefaultMetrics({ register: registry });
  return registry;
}

/** Metrics of this process; features measure with the injected `MetersService`. */
@Global()
@Module({
  controllers: [MetricsController],
  providers: [
    { provide: Registry, inject: [CONFIG], useFactory: createRegistry },
    MetersService,
    MetricsService,
  ],
  exports: [Registry, MetersService],
})
export class ObservabilityModule {}
