import type { OpenAPIObject } from '@nestjs/swagger';
import { DomainError } from '../../platform/common/domain-error.js';
import type { ErrorCode } from '../../platform/common/error-codes.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Responses = NonNullable<NonNullable<OpenAPIObject['components']>['responses']>;

interface Kind {
  description: string;
  example: ErrorCode;
  headers?: 'Retry-After' | 'WWW-Authenticate';
}

/** By status: what any route may answer with, and an example. */
const KINDS: Record<number, Kind> = {
  400: { description: 'The request is malformed', example: 'missing_field' },
  401: { description: 'No valid access token', example: 'unauthenticated', headers: 'WWW-Authenticate' },
  402: { description: 'The payment was declined', example: 'payment_declined' },
  403: { description: 'The account may not do this', example: 'forbidden' },
  404: { description: 'Nothing there, or it belongs to someone else', example: 'not_found' },
  409: { description: 'The state of things does not allow it', example: 'idempotency_in_flight' },
  410: { description: 'No longer kept', example: 'feed_gone' },
  412: { description: 'Changed by someone else since it was read', example: 'version_mismatch' },
  413: { description: 'The body is too large', example: 'body_too_large' },
  415: { description: 'The content type is not accepted', example: 'unsupported_media_type' },
  422: { description: 'Understood, but not valid', example: 'validation_failed' },
  428: { description: 'If-Match is missing', example: 'if_match_required' },
  429: { description: 'Too many requests', example: 'rate_limited', headers: 'Retry-After' },
  500: { description: 'An error of ours', example: 'internal_error' },
  503: { description: 'Not able to serve this now', example: 'overloaded', headers: 'Retry-After' },
};

const HEADERS = {
  'Retry-After': {
    description: 'Seconds until a retry makes sense',
    schema: { type: 'integer', example: 1 },
  },
  'WWW-Authenticate': { description: 'The scheme', schema: { type: 'string', example: 'Bearer' } },
} as const;

const content = (code: ErrorCode) => ({
  'application/problem+json': {
    schema: { $ref: '#/components/schemas/Problem' },
    example: {
      ...new DomainError(code).toProblem(),
      instance: '/api/v1/events/01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b47',
      correlationId: '01978a5c-4c1e-7b5a-9d0f-5a3c8f1e2b48',
    },
  },
});

/** `#/components/responses/Problem404` and so on. */
export const PROBLEM_RESPONSES: Responses = Object.fromEntries(
  Object.entries(KINDS).map(([status, { description, example, headers }]) => [
    `Problem${status}`,
    {
      description,
      headers: {
        'X-Correlation-Id': { $ref: '#/components/headers/X-Correlation-Id' },
        ...(headers && { [headers]: HEADERS[headers] }),
      },
      content: content(example),
    },
  ]),
);

/** Adds the errors that follow from what an operation takes and who may call it; those it documents itself get their body. */
export function addProblems(operation: Operation, isPublic: boolean, isWrite: boolean): void {
  const parameters = (operation.parameters ?? []) as { name: string; in: string }[];
  const has = (place: string, name?: string) =>
    parameters.some((p) => p.in === place && (!name || p.name.toLowerCase() === name));
  const takesBody = operation.requestBody !== undefined;
  const statuses = [
    400, // an unknown query is refused everywhere
    401, // a token that is sent is also checked on public routes
    ...(isPublic ? [] : [403]), // also for a key of an organisation, which opens less than a login
    ...(has('path') ? [404] : []),
    ...(has('header', 'idempotency-key') || (isWrite && has('path')) ? [409] : []),
    ...(has('header', 'if-match') ? [412, 428] : []),
    ...(takesBody ? [413, 415, 422] : []),
    500,
    503,
  ];
  const responses = operation.responses as Record<string, { $ref?: string; content?: object }>;
  for (const status of statuses) responses[status] ??= { $ref: `#/components/responses/Problem${status}` };
  for (const [status, response] of Object.entries(responses))
    if (KINDS[Number(status)] && !response.$ref) response.content ??= content(KINDS[Number(status)]!.example);
}
