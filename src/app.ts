import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { AppModule } from './app.module.js';
import { TokenService } from './auth/token.service.js';
import { bearerToken } from './common/bearer-token.js';
import { DomainError } from './common/domain-error.js';
import { sendProblem } from './common/problem.filter.js';
import { trust } from './common/proxies.rules.js';
import { runInContext } from './common/request-context.js';
import { type ShortcutConfig, shortcutHook } from './common/shortcut.js';
import type { Config } from './config/config.js';
import { Connections } from './connections.js';
import { registerDocs } from './docs/docs.routes.js';
import { DrainingAdapter } from './draining.adapter.js';
import { HTTP_LIMITS } from './http-limits.js';
import { limitHttp } from './limits/limit-http.js';
import { LimitsService } from './limits/limits.service.js';
import { LiveAdapter } from './live/live.adapter.js';
import { meterHttp } from './observability/http-meter.js';
import { beginSpan, spanOf, traceHttp } from './observability/http-spans.js';
import { createPino, NestPinoLogger } from './observability/logger.js';
import { Meters } from './observability/meters.service.js';
import { parseTraceparent } from './observability/traceparent.js';
import { startTracing } from './observability/tracing.js';
import { limitRequests, refuseConnection } from './request-limits.js';
import { securityHeaders } from './security-headers.js';
import { registerWeb } from './web/web.routes.js';

const CORRELATION_ID = /^[\w.:-]{1,64}$/;
/** All that a replica without an API answers. */
const FOR_OPERATORS = /^\/(api\/v1\/health\/|metrics\b)/;

/**
 * The whole application, not yet listening: `main.ts` and the tests share it.
 * The database must have been migrated before. `extras`: modules beside the product's own, for measurements.
 */
export async function createApp(config: Config, extras: Type[] = []): Promise<NestFastifyApplication> {
  const log = createPino(config.logLevel);
  const adapter = new DrainingAdapter({
    bodyLimit: HTTP_LIMITS.body,
    trustProxy: trust(config.trustProxy),
    requestTimeout: HTTP_LIMITS.requestTimeout,
    connectionTimeout: HTTP_LIMITS.idle,
    http: {
      headersTimeout: HTTP_LIMITS.headersTimeout,
      connectionsCheckingInterval: HTTP_LIMITS.lookEvery,
      maxHeaderSize: HTTP_LIMITS.header,
    },
    clientErrorHandler: refuseConnection,
    genReqId: (request: IncomingMessage) => {
      const traceparent = beginSpan(request);
      const given = request.headers['x-correlation-id'];
      // Nobody makes a trace of a request that is not traced.
      return typeof given === 'string' && CORRELATION_ID.test(given) && !parseTraceparent(given)
        ? given
        : (traceparent ?? randomUUID());
    },
    frameworkErrors: sendProblem,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: 'idle',
    // The hook below answers with a problem document instead.
    return503OnClosing: false,
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config, extras), adapter, {
    logger: new NestPinoLogger(log),
    abortOnError: false,
    rawBody: true,
  });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  fastify.addHook('onRoute', (route) => {
    const { bodyLimit, shortcut } = (route.config ?? {}) as ShortcutConfig & { bodyLimit?: number };
    if (shortcut && route.method === 'GET') {
      route.onRequest = shortcutHook(() => app.get(shortcut, { strict: false }));
      // Its answers are packed once and kept so.
      route.compress = false;
    }
    if (!bodyLimit) return;
    route.bodyLimit = bodyLimit;
    // The guard comes after the body was read; a large one is read from organizers only.
    route.onRequest = async (request) => {
      const token = bearerToken(request);
      if (token === null) throw new DomainError('unauthenticated');
      if (app.get(TokenService).authenticate(token).role === 'user') throw new DomainError('forbidden');
    };
  });
  if (config.rateLimits) limitHttp(fastify, app.get(LimitsService));
  const meters = app.get(Meters);
  if (meters.on) meterHttp(fastify, meters);
  if (config.tracing) {
    const stopTracing = startTracing(config.tracing);
    fastify.addHook('onClose', stopTracing);
    traceHttp(fastify);
  }
  const fixedHeaders = securityHeaders(config);
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(fixedHeaders).header('X-Correlation-Id', request.id);
    runInContext({ correlationId: request.id, span: spanOf(request.raw) }, done);
  });
  limitRequests(fastify);
  if (config.role === 'worker')
    fastify.addHook('onRequest', (request, reply, done) => {
      if (FOR_OPERATORS.test(request.url)) return done();
      const detail = 'This replica works in the background only.';
      sendProblem(new DomainError('route_not_found', { detail }), request, reply);
    });
  fastify.addHook('onRequest', (request, reply, done) => {
    if (adapter.leaving) reply.header('Connection', 'close');
    if (!adapter.draining) return done();
    sendProblem(new DomainError('shutting_down', { retryAfter: 1 }), request, reply);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const { statusCode, elapsedTime } = reply;
    const level = statusCode >= 500 ? 'warn' : 'debug';
    if (!log.isLevelEnabled(level)) return done();
    log[level](
      {
        method: request.method,
        // Without the query: it may hold anything, tokens too.
        path: request.url.split('?', 1)[0],
        statusCode,
        ms: Math.round(elapsedTime),
        correlationId: request.id,
      },
      'request',
    );
    done();
  });
  await fastify.register(cors, {
    origin: config.corsOrigins,
    exposedHeaders: [
      'ETag',
      'X-Correlation-Id',
      'Retry-After',
      'RateLimit',
      'RateLimit-Policy',
      'Location',
      'Idempotency-Replayed',
      'Seat-Epoch',
      'Seat-Seq',
      'Seat-Count',
    ],
  });
  await fastify.register(compress, {
    threshold: 1024,
    encodings: ['br', 'gzip'],
    globalDecompression: false,
    brotliOptions: { params: { 1: 4 } },
  });
  await registerDocs(fastify, app);
  await registerWeb(fastify);
  new Connections(fastify.server as Server, {
    total: config.connections,
    perAddress: config.rateLimits && !config.trustProxy ? config.connectionsPerAddress : Infinity,
  });
  app.setGlobalPrefix('api/v1', { exclude: ['metrics', 'asyncapi.json', 'dev/mail', 'dev/mail.json'] });
  app.useWebSocketAdapter(new LiveAdapter(app, config));
  return app;
}
