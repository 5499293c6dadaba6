import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { CallResult } from '../common/call-result.js';
import { matches, versionTag } from './etag.js';

interface Versioned {
  readonly version: number;
}

/** Tags an answer with the version of its row; a GET whose `If-None-Match` names that version is answered 304. */
@Injectable()
export class VersionTagInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(
      map((answer: Versioned | CallResult<Versioned>) => {
        const { version } = answer instanceof CallResult ? answer.body : answer;
        const tag = versionTag(version);
        reply.header('ETag', tag);
        if (request.method !== 'GET' || !matches(request.headers['if-none-match'], tag)) return answer;
        reply.status(304);
        return undefined;
      }),
    );
  }
}
