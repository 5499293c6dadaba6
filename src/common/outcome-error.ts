import { DomainError } from './domain-error.js';
import { ERROR_CODES, type ErrorCode } from './error-codes.js';

/** The refusals of SQL functions are named by their error codes. */
export const outcomeError = (outcome: string): DomainError =>
  new DomainError(outcome in ERROR_CODES ? (outcome as ErrorCode) : 'internal_error');
