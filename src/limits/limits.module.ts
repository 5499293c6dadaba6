import { Global, Module } from '@nestjs/common';
import { LimitsService } from './limits.service.js';
import { SharedLimiters } from './shared-limiters.service.js';

/** How much one client may ask for, counted by all replicas together when they share Redis. */
@Global()
@Module({ providers: [LimitsService, SharedLimiters], exports: [LimitsService, SharedLimiters] })
export class LimitsModule {}
