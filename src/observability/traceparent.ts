import type { SpanContext } from '@opentelemetry/api';

/** W3C Trace Context, version 00; a later version may add fields behind these. */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Undefined for anything that is none. */
export function parseTraceparent(text: string | string[] | undefined): SpanContext | undefined {
  const [, version, traceId, spanId, flags, more] =
    (typeof text === 'string' && TRACEPARENT.exec(text)) || [];
  if (!traceId || !spanId || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  if (version === '00' && more) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags!, 16), isRemote: true };
}

export const printTraceparent = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-0${traceFlags & 1}`;
