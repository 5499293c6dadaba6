import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from './domain-error.js';

const FORM = /^[\x21-\x7e]{1,200}$/;

/** The `Idempotency-Key` header, if any. Errors: `invalid_header` unless it has 1 to 200 printable ASCII characters. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext) =>
  idempotencyKey(context.switchToHttp().getRequest()),
);

/** The same for whoever has the request. */
export function idempotencyKey({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !FORM.test(key))
    throw new DomainError('invalid_header', {
      detail: 'Idempotency-Key must have 1 to 200 printable ASCII characters without spaces.',
    });
  return key;
}
