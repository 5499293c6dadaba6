import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CacheMetrics } from './cache.metrics.js';
import { CacheService } from './cache.service.js';
import { CacheInvalidation } from './cache-invalidation.service.js';
import { CachedRoutes } from './cached-routes.service.js';
import { SharedAnswers } from './shared-answers.service.js';

/** Printed answers of public routes: `@Cached`. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [CacheService, CachedRoutes, CacheInvalidation, SharedAnswers, CacheMetrics],
  exports: [CacheService, CachedRoutes],
})
export class CacheModule {}
