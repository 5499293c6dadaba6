import { Global, Module } from '@nestjs/common';
import { LimitsService } from './limits.service.js';
import { SharedLimitersService } from './shared-limiters.service.js';

/** Rate limits of clients, counted by all replicas together when they share Redis. */
@Global()
@Module({
  providers: [LimitsService, SharedLimitersService],
  exports: [LimitsService, SharedLimitersService],
})
export class LimitsModule {}
