import type { FastifyInstance } from 'fastify';
import { bearerToken } from '../../platform/http/bearer-token.js';
import { isMeantForBuyer } from './buyer-token.rules.js';
import type { TokenService } from './token.service.js';

/**
 * CORS of buyer sessions, whatever origins the installation lists: only the token says which pages may read an answer, and a
 * preflight has none, so a request that would carry a token passes the preflight from everywhere. Nothing is opened by
 * that: without a good token it is refused, and no cookie stands for one. Called before CORS is registered.
 */
export function letTokensThroughPreflights(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const { origin, 'access-control-request-headers': names } = request.headers;
    if (request.method === 'OPTIONS' && origin !== undefined && /\bauthorization\b/i.test(names ?? ''))
      reply.header('Access-Control-Allow-Origin', origin).header('Vary', 'Origin');
    done();
  });
}

/** Answers to a buyer session are for pages of its origin alone, refusals included. Called after CORS is registered. */
export function bindAnswers(fastify: FastifyInstance, tokens: TokenService): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const token = bearerToken(request);
    const origin = token !== null && isMeantForBuyer(token) ? tokens.originOf(token) : undefined;
    if (origin !== undefined) reply.header('Access-Control-Allow-Origin', origin).header('Vary', 'Origin');
    done();
  });
}
