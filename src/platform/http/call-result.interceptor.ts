import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { CallResult } from '../common/call-result.js';

/** Sends the body of a `CallResult`: with 202 while work is under way, and marked when it is a replay. */
@Injectable()
export class CallResultInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<CallResult<unknown>>): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map(({ body, replayed, underWay }) => {
        if (underWay) reply.status(202);
        if (replayed) reply.header('Idempotency-Replayed', 'true');
        return body;
      }),
    );
  }
}
