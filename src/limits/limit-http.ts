import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { DomainError } from '../common/domain-error.js';
import { sendProblem } from '../common/problem.filter.js';
import type { LimitKind } from '../common/quotas.js';
import type { LimitConfig } from './limits.decorators.js';
import { limitField, policyField } from './limits.rules.js';
import type { LimitsService, Verdict } from './limits.service.js';

/**
 * In front of every route, before anything of the request is looked at but its token. Each route has its kind at hand:
 * Fastify's `routeOptions` makes an object at each look.
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
