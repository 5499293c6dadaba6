import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { matches, versionTag } from './etag.js';

class VersionTagInterceptor implements NestInterceptor<{ version: number }> {
  intercept(context: ExecutionContext, next: CallHandler<{ version: number }>): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(
      map((body) => {
        const tag = versionTag(body.version);
        reply.header('ETag', tag);
        if (request.method !== 'GET' || !matches(request.headers['if-none-match'], tag)) return body;
        reply.status(304);
        return undefined;
      }),
    );
  }
}

/** Sends the `version` of the answer as its ETag, and 304 to a GET whose `If-None-Match` names it. */
export const Versioned = () => applyDecorators(UseInterceptors(new VersionTagInterceptor()));
