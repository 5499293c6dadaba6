import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { translateDatabaseError } from './database-errors.js';
import { DomainError } from './domain-error.js';
import type { ErrorCode } from './error-codes.js';

const BY_STATUS: Record<number, ErrorCode> = {
  400: 'bad_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'route_not_found',
  405: 'method_not_allowed',
  413: 'body_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'overloaded',
};

/** Turns whatever was thrown into the domain error that a client may see. */
export function toDomainError(thrown: unknown): DomainError {
  if (thrown instanceof DomainError) return thrown;
  const translated = translateDatabaseError(thrown);
  if (translated) return translated;
  if (thrown instanceof HttpException) {
    // Nest wraps what Fastify threw (broken JSON, too large, wrong type) and drops its code.
    if (thrown.cause instanceof Error) return toDomainError(thrown.cause);
    const code = BY_STATUS[thrown.getStatus()];
    if (code) return new DomainError(code, code === 'route_not_found' ? { detail: thrown.message } : {});
  }
  const { code, statusCode, message } = thrown as { code?: string; statusCode?: number; message?: string };
  if (
    code === 'FST_ERR_CTP_INVALID_JSON_BODY' ||
    code === 'FST_ERR_CTP_EMPTY_JSON_BODY' ||
    thrown instanceof SyntaxError
  )
    return new DomainError('malformed_json', { detail: message });
  if (typeof statusCode === 'number' && BY_STATUS[statusCode])
    return new DomainError(BY_STATUS[statusCode], statusCode < 500 ? { detail: message } : {});
  return new DomainError('internal_error', { detail: 'Quote the correlationId when you report this.' });
}

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
