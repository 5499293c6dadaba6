import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line and fact of one request shares. */
export interface RequestContext {
  readonly correlationId: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

export const runInContext = <T>(context: RequestContext, work: () => T): T => storage.run(context, work);
/** Correlation id of the request or job under way, or null outside of any. */
export const correlationId = (): string | null => storage.getStore()?.correlationId ?? null;
