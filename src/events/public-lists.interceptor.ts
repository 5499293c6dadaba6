import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { PublicListsCache } from './public-lists.cache.js';
import { serve } from './public-lists.shortcut.js';

/**
 * Keeps what the public lists answer, by the URL as sent, and only answers, never errors. A list that depends on who
 * asks never gets into the cache.
 */
@Injectable()
export class PublicListsInterceptor implements NestInterceptor {
  constructor(private readonly lists: PublicListsCache) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (isPersonal(request.query as object)) {
      reply.header('Cache-Control', 'private, no-store');
      return next.handle();
    }
    const list = this.lists.get(request.url, () => lastValueFrom(next.handle()));
    return from(list.then((printed) => serve(printed, request, reply)));
  }
}

const isPersonal = (query: object) => 'mine' in query || 'status' in query;
