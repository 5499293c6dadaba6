import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { AnsweredAtOnceBy } from '../http/shortcut.js';
import { CacheInterceptor } from './cache.interceptor.js';
import { CacheService } from './cache.service.js';
import { CACHED, type CachedOptions } from './cached-route.js';

/**
 * Keeps the answers of a public GET route, serialized: in this process, then in Redis. Only answers are kept, never
 * errors. For the kept answer the handler is called without a principal, so nothing private can get in. If that call is
 * refused (a draft, `mine=true`), a person with credentials gets an answer of their own, which is not kept. So the
 * decorator fits handlers whose answer is the same for all who may see it. At the start each such route is checked: see
 * `CachedRoutes`.
 */
export const Cached = (options: CachedOptions): MethodDecorator =>
  applyDecorators(
    SetMetadata(CACHED, options),
    UseInterceptors(CacheInterceptor),
    AnsweredAtOnceBy(CacheService),
  );
