import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toDomainError } from './to-domain-error.js';

/** Sends any error as `application/problem+json` (RFC 9457). */
export function sendProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const error = toDomainError(thrown);
  if (error.status === 500) {
    Logger.error(
      { err: thrown, method: request.method, path: request.url.split('?', 1)[0] },
      'Unexpected error',
    );
  }
  if (error.details.retryAfter !== undefined)
    reply.header('Retry-After', String(Math.ceil(error.details.retryAfter)));
  if (error.status === 401) reply.header('WWW-Authenticate', 'Bearer');
  reply
    .status(error.status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        ...error.toProblem(),
        instance: request.url.split('?')[0],
        correlationId: request.id,
      }),
    );
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(thrown, http.getRequest(), http.getResponse());
  }
}
