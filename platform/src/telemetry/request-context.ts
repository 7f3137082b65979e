/** What one request carries everywhere: into logs, spans, SQL and jobs. */
import { AsyncLocalStorage } from 'node:async_hooks';

export interface RequestContext {
  readonly requestId: string;
  /** Trace of the caller or our own; 32 hexadecimal digits. */
  traceId?: string;
  /** Set once the reader is known. */
  userId?: string;
  /** SQL statements run so far, for the route's statement budget. */
  statements: number;
}

const storage = new AsyncLocalStorage<RequestContext>();

export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

export function runInRequest<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}
