import { Global, Module } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { CONFIG, type Config } from '../config/config.js';
import { Meters } from './meters.service.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsService } from './metrics.service.js';

function createRegistry({ metrics }: Config): Registry {
  const registry = new Registry();
  if (metrics !== 'off') collectDefaultMetrics({ register: registry });
  return registry;
}

/** Metrics of this process; features measure with the injected `Meters`. */
@Global()
@Module({
  controllers: [MetricsController],
  providers: [{ provide: Registry, inject: [CONFIG], useFactory: createRegistry }, Meters, MetricsService],
  exports: [Registry, Meters],
})
export class ObservabilityModule {}
