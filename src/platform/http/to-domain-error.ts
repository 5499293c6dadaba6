import { HttpException } from '@nestjs/common';
import { translateDatabaseError } from '../common/database-errors.js';
import { DomainError } from '../common/domain-error.js';
import type { ErrorCode } from '../common/error-codes.js';

const BY_STATUS: Record<number, ErrorCode> = {
  400: 'bad_request',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'route_not_found',
  405: 'method_not_allowed',
  412: 'version_mismatch',
  413: 'body_too_large',
  414: 'url_too_long',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  503: 'overloaded',
};

/** A refusal of Fastify or its plugins is the client's fault, also with a status that has no code here. */
const isRefusal = (status: number): boolean => status >= 400 && status < 500;

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
  const known =
    typeof statusCode === 'number' && (BY_STATUS[statusCode] ?? (isRefusal(statusCode) && 'bad_request'));
  if (known) return new DomainError(known, statusCode < 500 ? { detail: message } : {});
  return new DomainError('internal_error', { detail: 'Quote the correlationId when you report this.' });
}
