import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { present, type SerializedAnswer } from '../http/serialized-answer.js';
import { Answer } from './answer.js';
import { CacheService } from './cache.service.js';
import { CachedRoutesService } from './cached-routes.service.js';

type Asked = FastifyRequest & { user?: unknown };

/** The longer way of `@Cached` routes, when the shortcut before the guard had nothing fresh. */
@Injectable()
export class CacheInterceptor implements NestInterceptor {
  constructor(
    private readonly cache: CacheService,
    private readonly routes: CachedRoutesService,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<Asked>();
    const reply = http.getResponse<FastifyReply>();
    const handler = context.getHandler();
    const answered = this.answerTo(handler, request, () => lastValueFrom(next.handle()));
    return from(answered.then((answer) => present(answer, request, reply)));
  }

  private async answerTo(
    handler: object,
    request: Asked,
    call: () => Promise<unknown>,
  ): Promise<SerializedAnswer> {
    const route = this.routes.of(handler);
    const { user, headers } = request;
    const encoding = headers['accept-encoding'] as string | undefined;
    const asNobody = async () => {
      request.user = undefined;
      try {
        return await call();
      } finally {
        request.user = user;
      }
    };
    try {
      return (await this.cache.get(this.cache.wanted(route, request, asNobody))).as(encoding);
    } catch (error) {
      if (!user) throw error;
      this.cache.personal(route);
      request.user = user;
      const answer = Answer.of(await call(), route.options).as(encoding);
      return { ...answer, headers: { 'Cache-Control': 'private, no-store' } };
    }
  }
}
