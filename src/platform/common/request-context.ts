import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from '@opentelemetry/api';

/** Values that every log line and fact of one request share. */
export interface RequestContext {
  readonly correlationId: string;
  /** Where spans of this request belong; absent when it is not traced. */
  readonly span?: Span | undefined;
}

const storage = new AsyncLocalStorage<RequestContext | undefined>();

export const runInContext = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);
/** Runs work that one request begins but that serves all requests. */
export const runOutsideContext = <T>(work: () => T): T => storage.run(undefined, work);
/** Correlation id of the request or job under way, or null outside of any. */
export const correlationId = (): string | null => storage.getStore()?.correlationId ?? null;
export const currentSpan = (): Span | undefined => storage.getStore()?.span;
