import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '../common/domain-error.js';
import { fingerprintOf, type IdempotentCall } from '../common/idempotent-call.js';

const KEY = /^[\x20-\x7e]{1,200}$/;

/**
 * The call that the `Idempotency-Key` of a request names; undefined without one. Handlers of such routes return a
 * `CallResult`. `secrets`: members of the body, at any depth, whose hash must not be stored either.
 * Errors: `invalid_header`.
 */
export const Idempotent = createParamDecorator(
  (
    options: { secrets: readonly string[] } | undefined,
    context: ExecutionContext,
  ): IdempotentCall | undefined => {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest & { user?: { id: string } }>();
    if (!request.user) throw new Error('@Idempotent() belongs on routes that need a login');
    const key = request.headers['idempotency-key'];
    if (key === undefined) return undefined;
    if (typeof key !== 'string' || !KEY.test(key))
      throw new DomainError('invalid_header', {
        detail: 'Idempotency-Key must have 1 to 200 printable ASCII characters.',
      });
    const route = `${request.method} ${request.url.split('?')[0]}`;
    return {
      userId: request.user.id,
      key,
      route,
      fingerprint: fingerprintOf(route, request.body, options?.secrets),
      status: http.getResponse<FastifyReply>().statusCode,
    };
  },
  [
    (target, method) =>
      ApiHeader({
        name: 'Idempotency-Key',
        required: false,
        description:
          'Repeating the request with the same key within 24 hours repeats the answer, not the effect.',
        schema: { type: 'string', minLength: 1, maxLength: 200, example: 'd1b0c7a2-order-17' },
      })(target, method!, Object.getOwnPropertyDescriptor(target, method!)!),
  ],
);
