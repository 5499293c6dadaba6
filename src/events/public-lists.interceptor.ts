import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable, of } from 'rxjs';
import { matches } from '../common/etag.js';
import { type PrintedList, PublicListsCache } from './public-lists.cache.js';

/**
 * Answers a list from the cache before its query is even checked: the key is the URL as sent, and only answers are
 * kept, never errors. A list that depends on who asks never gets here.
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
    if (list instanceof Promise) return from(list.then((printed) => serve(printed, request, reply)));
    return of(serve(list, request, reply));
  }
}

const isPersonal = (query: object) => 'mine' in query || 'status' in query;

function serve(
  { body, etag }: PrintedList,
  request: FastifyRequest,
  reply: FastifyReply,
): Buffer | undefined {
  reply.header('ETag', etag).header('Cache-Control', 'public, max-age=1');
  if (matches(request.headers['if-none-match'], etag)) {
    reply.status(304);
    return undefined;
  }
  reply.header('Content-Type', 'application/json; charset=utf-8');
  return body;
}
