import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import compress from '@fastify/compress';
import cors from '@fastify/cors';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import { GrantsService } from './auth/grants/grants.service.js';
import { ApiKeysService } from './auth/keys/api-keys.service.js';
import { limitHttp } from './auth/limits/limit-http.js';
import { LimitsService } from './auth/limits/limits.service.js';
import { bindAnswers, letTokensThroughPreflights } from './auth/tokens/bound-origins.js';
import { TokenService } from './auth/tokens/token.service.js';
import { LiveAdapter } from './live/live.adapter.js';
import { registerDocs } from './operations/docs/docs.routes.js';
import { registerWeb } from './operations/web/web.routes.js';
import { KeyLeaksService } from './organisations/key-leaks.service.js';
import type { Permission } from './platform/access/permissions.js';
import { DomainError } from './platform/common/domain-error.js';
import { trust } from './platform/common/proxies.rules.js';
import { runInContext } from './platform/common/request-context.js';
import type { Config } from './platform/config/config.js';
import { bearerToken } from './platform/http/bearer-token.js';
import { Connections } from './platform/http/connections.js';
import { HTTP_LIMITS } from './platform/http/http-limits.js';
import { readImages } from './platform/http/image-body.js';
import { sendProblem } from './platform/http/problem.filter.js';
import { limitRequests, refuseConnection } from './platform/http/request-limits.js';
import { securityHeaders } from './platform/http/security-headers.js';
import { ServerAdapter } from './platform/http/server.adapter.js';
import { type ShortcutConfig, shortcutHook } from './platform/http/shortcut.js';
import { meterHttp } from './platform/observability/http-meter.js';
import { beginSpan, spanOf, traceHttp } from './platform/observability/http-spans.js';
import { createPino, NestPinoLogger } from './platform/observability/logger.js';
import { MetersService } from './platform/observability/meters.service.js';
import { parseTraceparent } from './platform/observability/traceparent.js';
import { startTracing } from './platform/observability/tracing.js';

const CORRELATION_ID = /^[\w.:-]{1,64}$/;
/** How long a browser may remember a preflight; Chromium remembers none for longer. */
const PREFLIGHT_SECONDS = 7_200;
/** Paths that a replica without an API answers. */
const FOR_OPERATORS = /^\/(api\/v1\/health\/|metrics\b)/;

interface Parts {
  readonly config: Config;
  readonly app: NestFastifyApplication;
  readonly adapter: ServerAdapter;
  readonly fastify: FastifyInstance;
}

/**
 * The whole application, not yet listening: `main.ts` and the tests share it.
 * The database must have been migrated before. `extras`: modules beside the product's own, for measurements.
 *
 * Hooks run in the order in which the steps below add them, those of a route after those of the server. A step about
 * routes (`onRoute`) sees the routes that are added after it; Nest adds those of controllers last, in `app.init()`.
 */
export async function createApp(config: Config, extras: Type[] = []): Promise<NestFastifyApplication> {
  const log = createPino(config.logLevel);
  const adapter = createAdapter(config);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config, extras), adapter, {
    logger: new NestPinoLogger(log),
    abortOnError: false,
    rawBody: true,
  });
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  const parts: Parts = { config, app, adapter, fastify };
  giveContext(parts);
  answerAtOnce(parts);
  askBeforeLargeBodies(parts);
  readImages(fastify);
  refuseKeysInAddresses(parts);
  limitClients(parts);
  measure(parts);
  trace(parts);
  limitRequests(fastify);
  answerOperatorsOnly(parts);
  refuseWhileDraining(parts);
  logAnswers(fastify, log);
  await allowOtherOrigins(parts);
  await compressAnswers(fastify);
  await registerDocs(fastify, app);
  await registerWeb(fastify, app);
  limitConnections(parts);
  app.setGlobalPrefix('api/v1', {
    exclude: ['metrics', 'asyncapi.json', 'dev/mail', 'dev/mail.json', 'dev/mail/*rest'],
  });
  app.useWebSocketAdapter(new LiveAdapter(app, config));
  return app;
}

/** Before all hooks: bounds of what is read of a connection, and the id under which everything else speaks of a request. */
function createAdapter(config: Config): ServerAdapter {
  return new ServerAdapter({
    bodyLimit: HTTP_LIMITS.body,
    trustProxy: trust(config.http.trustProxy),
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
      // An id in the form of a traceparent is refused: it would make an untraced request look traced.
      return typeof given === 'string' && CORRELATION_ID.test(given) && !parseTraceparent(given)
        ? given
        : (traceparent ?? randomUUID());
    },
    frameworkErrors: sendProblem,
    // Schemas say how long a parameter may be; the router would answer for all alike, and with 500.
    routerOptions: { maxParamLength: HTTP_LIMITS.url },
    forceCloseConnections: 'idle',
    // `refuseWhileDraining` answers with a problem document instead.
    return503OnClosing: false,
  });
}

/** Before every hook that may refuse: a refusal has the headers of every answer, and its log lines the correlation id. */
function giveContext({ config, fastify }: Parts): void {
  const fixedHeaders = securityHeaders(config.http.publicUrl);
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.headers(fixedHeaders).header('X-Correlation-Id', request.id);
    // Answers that are the same for everybody say so later. Two people's own may have one tag: a browser that kept the one
    // would show it to the other.
    if (request.headers.authorization !== undefined) reply.header('Cache-Control', 'private, no-store');
    runInContext({ correlationId: request.id, span: spanOf(request.raw) }, done);
  });
}

/** Before `limitClients`, whose count then comes first: answers at hand are counted, too. */
function answerAtOnce({ app, fastify }: Parts): void {
  fastify.addHook('onRoute', (route) => {
    const { shortcut } = (route.config ?? {}) as ShortcutConfig;
    if (!shortcut || route.method !== 'GET') return;
    route.onRequest = shortcutHook(() => app.get(shortcut, { strict: false }));
    // Its answers are packed once and kept so.
    route.compress = false;
  });
}

/** A key in an address stays in logs and histories: it is refused, and the one who made it told. */
function refuseKeysInAddresses({ app, fastify }: Parts): void {
  const keys = app.get(ApiKeysService);
  fastify.addHook('onRequest', (request, _reply, done) => {
    const key = keys.inAddress(request.url);
    if (key === undefined) return done();
    app.get(KeyLeaksService, { strict: false }).report(key);
    done(new DomainError('key_in_url'));
  });
}

interface LargeBody {
  readonly bodyLimit?: number;
  readonly needs?: Permission;
}

/**
 * Before `limitClients` as well. Nest's guard comes after the body was read; a large one is read only from who may do what
 * the route is for: write events, or what `needs` of its configuration says.
 */
function askBeforeLargeBodies({ app, fastify }: Parts): void {
  fastify.addHook('onRoute', (route) => {
    const { bodyLimit, needs = 'events' } = (route.config ?? {}) as LargeBody;
    if (!bodyLimit) return;
    route.bodyLimit = bodyLimit;
    route.onRequest = async (request) => {
      const token = bearerToken(request);
      if (token === null) throw new DomainError('unauthenticated');
      await app.get(GrantsService).admit(app.get(TokenService).authenticate(token), needs);
    };
  });
}

/** After the two steps before it: it puts its count in front of the hooks that they gave to a route. */
function limitClients({ config, app, fastify }: Parts): void {
  if (config.limits.on) limitHttp(fastify, app.get(LimitsService));
}

/** Before the steps that add routes, since it times each by its pattern. */
function measure({ app, fastify }: Parts): void {
  const meters = app.get(MetersService);
  if (meters.on) meterHttp(fastify, meters);
}

/** Ends the spans that `createAdapter` begins; the last of them are sent when the server has closed. */
function trace({ config, fastify }: Parts): void {
  if (!config.tracing) return;
  const stopTracing = startTracing(config.tracing);
  fastify.addHook('onClose', stopTracing);
  traceHttp(fastify);
}

/** Before the routes' own hooks: to a client a worker has no API, whatever the request says. */
function answerOperatorsOnly({ config, fastify }: Parts): void {
  if (config.role !== 'worker') return;
  fastify.addHook('onRequest', (request, reply, done) => {
    if (FOR_OPERATORS.test(request.url)) return done();
    const detail = 'This replica works in the background only.';
    sendProblem(new DomainError('route_not_found', { detail }), request, reply);
  });
}

/** The last of the server's own checks: from here on a request is work, which a replica that ends no longer begins. */
function refuseWhileDraining({ adapter, fastify }: Parts): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (adapter.leaving) reply.header('Connection', 'close');
    if (!adapter.draining) return done();
    sendProblem(new DomainError('shutting_down', { retryAfter: 1 }), request, reply);
  });
}

/** Anywhere among the hooks: it looks at answers that have been sent. */
function logAnswers(fastify: FastifyInstance, log: Logger): void {
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
}

/** After the checks above: a preflight of a replica that ends is refused like any request. */
async function allowOtherOrigins({ config, app, fastify }: Parts): Promise<void> {
  if (config.http.corsOrigins !== '*') letTokensThroughPreflights(fastify);
  await fastify.register(cors, {
    origin: config.http.corsOrigins,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    maxAge: PREFLIGHT_SECONDS,
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
  bindAnswers(fastify, app.get(TokenService));
  // Mails of development: no page of another origin even learns what it might ask.
  fastify.options('/dev/*', { config: { cors: false } }, (_, reply) => reply.callNotFound());
}

/** Before the steps that add routes: it packs the answers of those that come after it. */
async function compressAnswers(fastify: FastifyInstance): Promise<void> {
  await fastify.register(compress, {
    threshold: 1024,
    encodings: ['br', 'gzip'],
    globalDecompression: false,
    brotliOptions: { params: { 1: 4 } },
  });
}

/** Concerns sockets, not requests: it needs the server, and nothing else needs it. */
function limitConnections({ config, fastify }: Parts): void {
  const { connections, connectionsPerAddress, trustProxy } = config.http;
  new Connections(fastify.server as Server, {
    total: connections,
    perAddress: config.limits.on && !trustProxy ? connectionsPerAddress : Infinity,
  });
}
