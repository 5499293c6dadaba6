import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { Histogram } from './instruments.js';
import type { MetersService } from './meters.service.js';

/** Around the objective of 200 ms. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 10];

type Observe = (seconds: number) => void;

/**
 * Times every answer by route pattern, method and class of status, so that no client can make a series of its own.
 * The children are stored by route, since Fastify's `routeOptions` creates an object at each access.
 */
export function meterHttp(fastify: FastifyInstance, meters: MetersService): void {
  const histogram = meters.histogram(
    'evently_http_request_duration_seconds',
    'Time from the request to the end of its answer, by route pattern, method and class of status; `aborted` when the client left before',
    BUCKETS,
  );
  const unmatched = routeMeter(histogram, 'unmatched', 'ANY');
  fastify.addHook('onRoute', (route) => {
    const observe = routeMeter(histogram, route.url, methodOf(route));
    const meter = (_: FastifyRequest, reply: FastifyReply, done: () => void) => {
      observe(reply);
      done();
    };
    route.onResponse = [...[route.onResponse ?? []].flat(), meter];
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    if (request.is404) unmatched(reply);
    done();
  });
}

function routeMeter(histogram: Histogram, route: string, method: string): (reply: FastifyReply) => void {
  const classes: (Observe | undefined)[] = [];
  return (reply) => {
    const status = reply.raw.writableFinished ? Math.floor(reply.statusCode / 100) : 0;
    classes[status] ??= histogram.child({
      method,
      route,
      status: status === 0 ? 'aborted' : `${status}xx`,
    });
    classes[status](reply.elapsedTime / 1000);
  };
}

const methodOf = ({ method }: RouteOptions): string => (Array.isArray(method) ? 'ANY' : method);
