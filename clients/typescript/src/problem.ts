import type { components } from './openapi.gen.js';

export type ProblemBody = components['schemas']['Problem'];
export type ErrorCode = ProblemBody['code'];

/** Error that the server answered (RFC 9457). `code` is stable; the server's `/docs/errors` lists all codes. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly code: ErrorCode,
    /** The whole document, with the members of its code: `conflicts`, `reason`, `booking`. */
    readonly body: ProblemBody & Record<string, unknown>,
    /** Seconds after which another try makes sense. */
    readonly retryAfter?: number,
  ) {
    super(body.detail ?? body.title);
  }

  /** Which fields were wrong, and how. */
  get errors(): { path: string; message: string }[] {
    return (this.body.errors as { path: string; message: string }[] | undefined) ?? [];
  }

  static of(response: Response, body: unknown): Problem {
    const { status, headers } = response;
    const after = Number(headers.get('Retry-After') ?? Number.NaN);
    const known = typeof body === 'object' && body !== null && 'code' in body;
    // A proxy in between has its own pages for errors.
    const document = known
      ? (body as ProblemBody & Record<string, unknown>)
      : ({ type: 'about:blank', title: `HTTP ${status}`, status, code: 'internal_error' } as ProblemBody &
          Record<string, unknown>);
    return new Problem(status, document.code, document, Number.isNaN(after) ? undefined : after);
  }
}

/** Result that openapi-fetch resolves with. */
interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a successful answer. Errors: `Problem` for any other. */
export async function ok<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (!response.ok) throw Problem.of(response, error);
  return data as T;
}

export const isProblem = (thrown: unknown, ...codes: ErrorCode[]): thrown is Problem =>
  thrown instanceof Problem && (codes.length === 0 || codes.includes(thrown.code));
