import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { AnsweredAtOnceBy } from '../common/shortcut.js';
import { CacheInterceptor } from './cache.interceptor.js';
import { CacheService } from './cache.service.js';
import { CACHED, type CachedOptions } from './cached-route.js';

/**
 * Keeps the answers of a public GET route, printed: in this process, then in Redis. Only answers are kept, never errors.
 * What is kept is what the handler answers to nobody in particular: it is called without a principal, so nothing private
 * can get in. Where that is refused (a draft, `mine=true`) a person with credentials gets an answer of their own, which
 * is not kept. So it fits handlers whose answer is the same for all who may see it.
 * At the start each such route is checked: see `CachedRoutes`.
 */
export const Cached = (options: CachedOptions): MethodDecorator =>
  applyDecorators(
    SetMetadata(CACHED, options),
    UseInterceptors(CacheInterceptor),
    AnsweredAtOnceBy(CacheService),
  );
