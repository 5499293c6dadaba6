import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { toDomainError } from '../platform/http/to-domain-error.js';

/** Acknowledges a message that failed with the problem that the same request would get over HTTP. */
@Catch()
export class LiveErrorFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    const error = toDomainError(thrown);
    if (error.status === 500) Logger.error({ err: thrown }, 'Unexpected error in a socket message');
    const answer = host.getArgs().find((argument) => typeof argument === 'function');
    answer?.({ error: error.toProblem() });
  }
}
