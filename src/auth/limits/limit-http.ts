import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { DomainError } from '../../platform/common/domain-error.js';
import type { LimitKind } from '../../platform/common/quotas.js';
import { sendProblem } from '../../platform/http/problem.filter.js';
import type { LimitConfig } from './limits.decorators.js';
import { limitField, policyField } from './limits.rules.js';
import type { LimitsService, Verdict } from './limits.service.js';

/**
 * Counts requests in front of every route, before anything of the request but its token is read. The kind of limit is
 * stored by route, since Fastify's `routeOptions` creates an object at each access.
 */
export function limitHttp(fastify: FastifyInstance, limits: LimitsService): void {
  fastify.addHook('onRoute', (route) => {
    const { limit = 'default' } = (route.config ?? {}) as LimitConfig;
    if (limit) route.onRequest = [limiter(limits, limit), ...[route.onRequest ?? []].flat()];
  });
  const unmatched = limiter(limits, 'default');
  fastify.addHook('onRequest', (request, reply, done) =>
    request.is404 ? unmatched(request, reply, done) : done(),
  );
}

function limiter(limits: LimitsService, kind: LimitKind) {
  return (request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void => {
    const verdict = limits.take(request, kind);
    if (verdict instanceof Promise) verdict.then((found) => answer(found, request, reply, done), done);
    else answer(verdict, request, reply, done);
  };
}

function answer(
  { refused, standings }: Verdict,
  request: FastifyRequest,
  reply: FastifyReply,
  done: HookHandlerDoneFunction,
): void {
  reply.header('RateLimit-Policy', policyField(standings)).header('RateLimit', limitField(standings));
  if (!refused) return done();
  const retryAfter = standings.find(({ kind }) => kind === refused)!.seconds;
  const detail = `The limit "${refused}" is reached. Try again in ${retryAfter} s.`;
  sendProblem(new DomainError('rate_limited', { detail, retryAfter }), request, reply);
}
