import { DomainError } from './domain-error.js';
import { ERROR_CODES, type ErrorCode } from './error-codes.js';

/** Error of a refused SQL function, whose outcome is an error code. */
export const outcomeError = (outcome: string): DomainError =>
  new DomainError(outcome in ERROR_CODES ? (outcome as ErrorCode) : 'internal_error');
