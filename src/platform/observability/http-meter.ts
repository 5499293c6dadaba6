import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import type { Principal } from '../access/principal.js';
import type { Counter, Histogram } from './instruments.js';
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
  const callers = callerMeter(
    meters.counter(
      'evently_http_callers_total',
      'Requests that were answered, by the kind of caller (key, test_key, person, nobody) and class of status',
    ),
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
    callers(request as Asked, reply);
    done();
  });
}

type Asked = FastifyRequest & { user?: Principal };

/** By kind and not by key, of which there may be thousands: what each one does is in the list of an organisation's keys. */
function callerMeter(counter: Counter): (request: Asked, reply: FastifyReply) => void {
  const children = new Map<string, (() => void)[]>();
  return ({ user }, reply) => {
    const caller = callerOf(user);
    const classes = children.get(caller) ?? [];
    children.set(caller, classes);
    const status = reply.raw.writableFinished ? Math.floor(reply.statusCode / 100) : 0;
    classes[status] ??= counter.child({ caller, status: wordFor(status) });
    classes[status]();
  };
}

function callerOf(user: Principal | undefined): string {
  if (!user) return 'nobody';
  if (!user.isKey) return 'person';
  return user.isTest ? 'test_key' : 'key';
}

const wordFor = (status: number): string => (status === 0 ? 'aborted' : `${status}xx`);

function routeMeter(histogram: Histogram, route: string, method: string): (reply: FastifyReply) => void {
  const classes: (Observe | undefined)[] = [];
  return (reply) => {
    const status = reply.raw.writableFinished ? Math.floor(reply.statusCode / 100) : 0;
    classes[status] ??= histogram.child({ method, route, status: wordFor(status) });
    classes[status](reply.elapsedTime / 1000);
  };
}

const methodOf = ({ method }: RouteOptions): string => (Array.isArray(method) ? 'ANY' : method);
