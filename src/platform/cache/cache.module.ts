import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CacheMetrics } from './cache.metrics.js';
import { CacheService } from './cache.service.js';
import { CacheInvalidationService } from './cache-invalidation.service.js';
import { CachedRoutesService } from './cached-routes.service.js';
import { SharedAnswersService } from './shared-answers.service.js';

/** Cached answers of public routes: `@Cached`. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    CacheService,
    CachedRoutesService,
    CacheInvalidationService,
    SharedAnswersService,
    CacheMetrics,
  ],
  exports: [CacheService, CachedRoutesService],
})
export class CacheModule {}
