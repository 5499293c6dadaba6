import { DomainError } from '../common/domain-error.js';
import { ERROR_CODES, type ErrorCode } from '../common/error-codes.js';

/** The refusals of the checkout's calls are named by their error codes. */
export const outcomeError = (outcome: string): DomainError =>
  new DomainError(outcome in ERROR_CODES ? (outcome as ErrorCode) : 'internal_error');
