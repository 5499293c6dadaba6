import { type DynamicModule, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import type { Config } from '../config/config.js';
import { LiveModule } from '../live/live.module.js';
import { HealthController } from './health.controller.js';
import { HealthRepository } from './health.repository.js';
import { HealthService } from './health.service.js';

@Module({
  // Whoever asks hears what is wrong; a line for each probe would only fill the log.
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [HealthService, HealthRepository],
})
export class HealthModule {
  /** A worker has no sockets to count. */
  static with({ role }: Config): DynamicModule {
    return { module: HealthModule, imports: role === 'worker' ? [] : [LiveModule] };
  }
}
