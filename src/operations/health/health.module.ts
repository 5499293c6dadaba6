import { type DynamicModule, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { LiveModule } from '../../live/live.module.js';
import type { Config } from '../../platform/config/config.js';
import { DatabaseIndicator } from './database.indicator.js';
import { HealthController } from './health.controller.js';
import { HealthRepository } from './health.repository.js';
import { HealthService } from './health.service.js';

@Module({
  // The response of a probe says what is wrong; a line for each probe would only fill the log.
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [HealthService, HealthRepository, DatabaseIndicator],
})
export class HealthModule {
  /** A worker has no sockets to count. */
  static with({ role }: Config): DynamicModule {
    return { module: HealthModule, imports: role === 'worker' ? [] : [LiveModule] };
  }
}
