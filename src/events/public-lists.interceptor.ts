import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { matches } from '../common/etag.js';
import { type PrintedList, PublicListsCache } from './public-lists.cache.js';

/**
 * Keeps what the public lists answer, by the URL as sent, and only answers, never errors. A list that depends on who
 * asks never gets into the cache.
 */
@Injectable()
export class PublicListsInterceptor implements NestInterceptor, OnModuleInit {
  constructor(
    private readonly lists: PublicListsCache,
    private readonly host: HttpAdapterHost,
  ) {}

  /**
   * A list that is known is sent before the request is routed: twice as many a second as through guards, pipes and
   * interceptors. A request with a token goes the long way, so that a bad one is refused.
   */
  onModuleInit(): void {
    const fastify: FastifyInstance = this.host.httpAdapter.getInstance();
    fastify.addHook('onRequest', (request, reply, done) => {
      const known = request.headers.authorization ? undefined : this.lists.known(request.url);
      if (known && request.method === 'GET') reply.send(serve(known, request, reply));
      else done();
    });
  }

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

function serve(
  { body, etag }: PrintedList,
  request: FastifyRequest,
  reply: FastifyReply,
): string | undefined {
  reply.header('ETag', etag).header('Cache-Control', 'public, max-age=1');
  if (matches(request.headers['if-none-match'], etag)) {
    reply.status(304);
    return undefined;
  }
  reply.header('Content-Type', 'application/json; charset=utf-8');
  return body;
}
