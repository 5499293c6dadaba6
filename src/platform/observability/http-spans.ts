import type { IncomingMessage } from 'node:http';
import type { Span } from '@opentelemetry/api';
import { SpanStatusCode } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import { formatTraceparent } from './traceparent.js';
import { beginRequest } from './tracing.js';

const SPAN = Symbol('span');

type Traced = IncomingMessage & { [SPAN]?: Span | undefined };

/** Begins the span of a traced request. @returns its id, by which later work for the request finds the trace */
export function beginSpan(request: Traced): string | undefined {
  const span = beginRequest(request.headers);
  if (!span) return undefined;
  request[SPAN] = span;
  return formatTraceparent(span.spanContext());
}

export const spanOf = (request: Traced): Span | undefined => request[SPAN];

/** Ends the spans of requests, named by route pattern. */
export function traceHttp(fastify: FastifyInstance): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const span = spanOf(request.raw);
    if (span) {
      const { method, is404 } = request;
      const route = is404 ? 'unmatched' : request.routeOptions.url!;
      span.updateName(`${method} ${route}`);
      span.setAttributes({
        'http.request.method': method,
        'http.route': route,
        'http.response.status_code': reply.statusCode,
        'evently.correlation_id': request.id,
      });
      if (reply.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    }
    done();
  });
}
