import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { matches } from '../common/etag.js';
import { type PrintedList, PublicListsCache } from './public-lists.cache.js';

/**
 * Sends a public list that is known before the request is routed: twice as many a second as through guards, pipes and
 * interceptors. A request with a token goes the long way, so that a bad one is refused.
 */
@Injectable()
export class PublicListsShortcut implements OnModuleInit {
  constructor(
    private readonly lists: PublicListsCache,
    private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const fastify: FastifyInstance = this.host.httpAdapter.getInstance();
    fastify.addHook('onRequest', (request, reply, done) => {
      const known = request.headers.authorization ? undefined : this.lists.known(request.url);
      if (known && request.method === 'GET') reply.send(serve(known, request, reply));
      else done();
    });
  }
}

/** Sets the headers of a list. @returns its body, or undefined when the client has it */
export function serve(
  list: PrintedList,
  { headers }: FastifyRequest,
  reply: FastifyReply,
): Buffer | undefined {
  const { body, encoding, etag } = list.as(headers['accept-encoding'] as string | undefined);
  reply.headers({ ETag: etag, 'Cache-Control': 'public, max-age=1', Vary: 'Accept-Encoding, Origin' });
  if (matches(headers['if-none-match'], etag)) {
    reply.status(304);
    return undefined;
  }
  reply.header('Content-Type', 'application/json; charset=utf-8');
  if (encoding !== 'identity') reply.header('Content-Encoding', encoding);
  return body;
}
