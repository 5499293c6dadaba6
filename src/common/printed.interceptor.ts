import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { matches } from './etag.js';
import type { Printed } from './printed.js';

/** Sends what was printed before, or 304 when the client has it. */
@Injectable()
export class PrintedInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(map((printed: Printed) => send(printed, request, reply)));
  }
}

function send(
  { type, body, encoding, etag, headers }: Printed,
  request: FastifyRequest,
  reply: FastifyReply,
): Buffer | undefined {
  reply.headers({ ...headers, ETag: etag, Vary: 'Accept, Accept-Encoding, Origin' });
  if (matches(request.headers['if-none-match'], etag)) {
    reply.status(304);
    return undefined;
  }
  reply.header('Content-Type', type);
  if (encoding !== 'identity') reply.header('Content-Encoding', encoding);
  return body;
}
