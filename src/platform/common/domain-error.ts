import { ERROR_CODES, type ErrorCode, STATUS } from './error-codes.js';

export interface FieldError {
  /** JSON pointer-like path within the request, e.g. `areas.0.quantity`. */
  path: string;
  message: string;
}

export interface ErrorDetails {
  /** One sentence that says what happened and, where possible, what to do. */
  detail?: string;
  errors?: FieldError[];
  /** Seconds until a retry makes sense; sent as `Retry-After`. */
  retryAfter?: number;
  /** Members of the problem document of this code, e.g. `conflicts`. */
  extra?: Record<string, unknown>;
}

/** A broken rule, named by its code. Only the problem filter knows that it becomes HTTP. */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly details: ErrorDetails = {},
  ) {
    super(details.detail ?? ERROR_CODES[code][1]);
    this.name = 'DomainError';
  }

  get status(): number {
    return STATUS[ERROR_CODES[this.code][0]];
  }

  /** RFC 9457 members, without the correlation id, which belongs to the request. */
  toProblem(): Record<string, unknown> {
    const [, title] = ERROR_CODES[this.code];
    const { detail, errors, extra } = this.details;
    return {
      type: `/docs/errors#${this.code}`,
      title,
      status: this.status,
      code: this.code,
      ...(detail && { detail }),
      ...(errors && { errors }),
      ...extra,
    };
  }
}
