import { defaultTextMapSetter, ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api';
import { parseTraceParent, W3CTraceContextPropagator } from '@opentelemetry/core';

const propagator = new W3CTraceContextPropagator();

/** Parses a `traceparent`; undefined for anything else. */
export function parseTraceparent(text: string | string[] | undefined): SpanContext | undefined {
  const caller = typeof text === 'string' ? parseTraceParent(text) : null;
  return caller ? { ...caller, isRemote: true } : undefined;
}

export function formatTraceparent(context: SpanContext): string {
  const headers = { traceparent: '' };
  propagator.inject(trace.setSpanContext(ROOT_CONTEXT, context), headers, defaultTextMapSetter);
  return headers.traceparent;
}
