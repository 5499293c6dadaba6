import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from './domain-error.js';

const KEY = /^[\x20-\x7e]{1,200}$/;

/** A request that may carry an `Idempotency-Key`, and the answer that it will get. */
export class IdempotentCall {
  constructor(
    readonly userId: string,
    readonly key: string | undefined,
    /** Method and path, with ids. */
    readonly route: string,
    private readonly body: unknown,
    private readonly reply: FastifyReply,
    private readonly secrets: readonly string[] = [],
  ) {}

  /**
   * SHA-256 of what is asked for: two requests are the same when route and body are, whatever the order of members. Secret
   * members are left out: a card number has so few digits that its hash gives it away.
   */
  get fingerprint(): Buffer {
    return createHash('sha256')
      .update(`${this.route}\n${canonical(this.body, this.secrets) ?? ''}`)
      .digest();
  }

  /** For SQL functions that claim the key: key, route and fingerprint, all null without a key. */
  get claim(): [string, string, Buffer] | [null, null, null] {
    return this.key === undefined ? [null, null, null] : [this.key, this.route, this.fingerprint];
  }

  /** Status of the answer under way. */
  get status(): number {
    return this.reply.statusCode;
  }

  /** Says that the answer is one given before. */
  replayed(status: number): void {
    this.reply.status(status).header('Idempotency-Replayed', 'true');
  }
}

/**
 * The call as the first to make it, with `Idempotency-Key` read and checked. `secrets`: members of the body, at any depth, of
 * which not even a hash may be stored. Errors: `invalid_header`.
 */
export const Idempotent = createParamDecorator(
  (options: { secrets: readonly string[] } | undefined, context: ExecutionContext): IdempotentCall => {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest & { user?: { id: string } }>();
    const key = request.headers['idempotency-key'];
    if (key !== undefined && (typeof key !== 'string' || !KEY.test(key)))
      throw new DomainError('invalid_header', {
        detail: 'Idempotency-Key must have 1 to 200 printable ASCII characters.',
      });
    if (!request.user) throw new Error('@Idempotent() belongs on routes that need a login');
    const route = `${request.method} ${request.url.split('?')[0]}`;
    return new IdempotentCall(
      request.user.id,
      key,
      route,
      request.body,
      http.getResponse(),
      options?.secrets,
    );
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

/** JSON with the members of every object sorted by name, but for those named. */
function canonical(value: unknown, without: readonly string[]): string | undefined {
  return JSON.stringify(value, (name, member) => {
    if (without.includes(name)) return undefined;
    return member && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member;
  });
}
