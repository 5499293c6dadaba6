import type { IncomingHttpHeaders } from 'node:http';
import {
  type Attributes,
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { correlationId, currentSpan, runInContext } from '../common/request-context.js';
import { VERSION } from '../common/version.js';
import type { TracingSettings } from '../config/config.js';
import { Allowance } from './allowance.js';
import { formatTraceparent, parseTraceparent } from './traceparent.js';

/** Requests a second that are recorded because their `traceparent` asks for it, which anybody may send. */
const WISHES_PER_SECOND = 50;

/**
 * Spans made by hand at the few places that matter, for the process. Whether a request is traced is decided when it
 * arrives; for one that is not, no span exists, and every function here returns at once.
 */
let tracer: Tracer | undefined;
let share = 0;
const wishes = new Allowance(WISHES_PER_SECOND);
/**
 * Upper limit of a share: a traced hold costs some ten spans; under load the cost would grow with spans nobody reads.
 */
const CHOSEN_PER_SECOND = 10;
const chosen = new Allowance(CHOSEN_PER_SECOND);

export interface SpanOptions {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  readonly links?: Link[];
}

/** @returns a function that sends the remaining spans and ends tracing */
export function startTracing(settings: TracingSettings): () => Promise<void> {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': settings.service, 'service.version': VERSION }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url: `${settings.endpoint}/v1/traces` }),
        scheduledDelayMillis: 1_000,
      }),
    ],
  });
  tracer = provider.getTracer('evently', VERSION);
  share = settings.share;
  return async () => {
    tracer = undefined;
    // A collector that does not answer must not hold up the end.
    await provider.shutdown().catch(() => {});
  };
}

/** The span of a request, when it is to be traced. Its name and route are known at its end. */
export function beginRequest(headers: IncomingHttpHeaders): Span | undefined {
  if (!tracer) return undefined;
  const caller = parseTraceparent(headers.traceparent);
  const wanted = caller ? isSampled(caller) && wishes.take() : isChosen();
  if (!wanted) return undefined;
  return tracer.startSpan('request', { kind: SpanKind.SERVER }, under(caller));
}

const isChosen = (): boolean => share === 1 || (Math.random() < share && chosen.take());

/** A span below that of the request or job under way; without one only the work. */
export function traced<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  const parent = tracer && currentSpan();
  return parent ? inSpan(start(name, options, parent.spanContext()), work) : work();
}

/**
 * Runs work that a request or job has caused, maybe on another replica, long ago: if it was traced, its correlation id,
 * which facts, sagas and logs carry along, is its `traceparent`.
 */
export function follow<T>(cause: string, name: string, options: SpanOptions, work: () => T): T {
  const caller = tracer && parseTraceparent(cause);
  if (!caller || !isSampled(caller)) return runInContext({ correlationId: cause }, work);
  const span = start(name, options, caller);
  const result = runInContext({ correlationId: cause, span }, work);
  if (result instanceof Promise) void ended(span, result);
  else span.end();
  return result;
}

/** One piece of work for many requests: below the first traced one, linked with all of these. */
export function tracedForAll<T>(
  name: string,
  options: SpanOptions,
  causes: readonly Span[],
  work: () => Promise<T>,
): Promise<T> {
  const [first, ...others] = causes;
  if (!tracer || !first) return work();
  const links = causes.map((cause) => ({ context: cause.spanContext() }));
  const span = start(name, { ...options, links }, first.spanContext());
  for (const other of others) if (other.isRecording()) other.addLink({ context: span.spanContext() });
  return inSpan(span, work);
}

/** Runs work so that the spans and logs it causes belong to this span. */
export const within = <T>(span: Span | undefined, work: () => T): T =>
  span ? runInContext({ correlationId: formatTraceparent(span.spanContext()), span }, work) : work();

/** Headers for outgoing messages. */
export function traceHeaders(): { traceparent?: string } {
  const span = tracer && currentSpan();
  return span ? { traceparent: formatTraceparent(span.spanContext()) } : {};
}

/** A span that is over already. @param milliseconds how long it took */
export function tracedBefore(
  name: string,
  options: SpanOptions,
  milliseconds: number,
  error?: unknown,
): void {
  const parent = tracer && currentSpan();
  if (!parent) return;
  const span = tracer!.startSpan(
    name,
    { ...options, startTime: Date.now() - milliseconds },
    under(parent.spanContext()),
  );
  if (error) fail(span, error);
  span.end();
}

function start(name: string, options: SpanOptions, parent: SpanContext): Span {
  return tracer!.startSpan(name, options, under(parent));
}

const under = (parent: SpanContext | undefined): Context =>
  parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;

function inSpan<T>(span: Span, work: () => Promise<T>): Promise<T> {
  const cause = correlationId() ?? formatTraceparent(span.spanContext());
  return ended(span, runInContext({ correlationId: cause, span }, work));
}

async function ended<T>(span: Span, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    fail(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** Never the message: it may quote what people have sent. */
export function fail(span: Span, error: unknown): void {
  const { name, code } = error as { name?: string; code?: unknown };
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', String(code ?? name ?? 'error'));
}

const isSampled = ({ traceFlags }: SpanContext): boolean => (traceFlags & 1) === 1;
