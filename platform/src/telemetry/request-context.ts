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
  /** The client left before its answer: what is read for it alone may end. */
  clientGone?: boolean;
  /** Loads under way that other requests wait for, too. */
  sharedLoads?: number;
}

const storage = new AsyncLocalStorage<RequestContext>();

export function currentRequest(): RequestContext | undefined {
  return storage.getStore();
}

/**
 * From here to the end of this call, and in everything that it starts, the request is the running one. For the callback in which
 * the server hands over a request, and which ends with it: `runInRequest` makes two frames, of which the second only takes the
 * first one back.
 */
export function enterRequest(context: RequestContext): void {
  storage.enterWith(context);
}

export function runInRequest<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** Runs what a request leaves behind: under its id, without its statement budget, and whether its client stays or not. */
export function runDetached<T>(work: () => T): T {
  const request = currentRequest();
  return request === undefined ? work() : storage.run({ ...request, statements: 0, clientGone: false, sharedLoads: 0 }, work);
}

/** Runs a load whose result serves others besides the request that started it: it goes on when that one's client leaves. */
export async function runShared<T>(load: () => Promise<T>): Promise<T> {
  const request = currentRequest();
  if (request === undefined) return await load();
  request.sharedLoads = (request.sharedLoads ?? 0) + 1;
  try {
    return await load();
  } finally {
    request.sharedLoads -= 1;
  }
}
