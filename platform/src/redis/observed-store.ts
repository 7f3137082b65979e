/** Any store, with a span and an event per command. */
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Store } from './store.ts';

export type StoreCommand =
  | 'get'
  | 'set'
  | 'setIfAbsent'
  | 'take'
  | 'remove'
  | 'increment'
  | 'hold'
  | 'release'
  | 'areHeld'
  | 'publish'
  | 'ping';

export interface StoreCommandEvent {
  readonly command: StoreCommand;
  readonly durationMs: number;
  readonly outcome: 'ok' | 'error';
}

const tracer = trace.getTracer('sanctum.store');

export function observeStore(store: Store, onCommand?: (event: StoreCommandEvent) => void): Store {
  async function observe<T>(command: StoreCommand, work: () => Promise<T>): Promise<T> {
    const started = performance.now();
    const span = tracer.startSpan(`store ${command}`, {
      kind: SpanKind.CLIENT,
      attributes: { 'db.system.name': store.kind, 'db.operation.name': command },
    });
    let outcome: 'ok' | 'error' = 'error';
    try {
      const result = await work();
      outcome = 'ok';
      return result;
    } finally {
      if (outcome === 'error') span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
      onCommand?.({ command, durationMs: performance.now() - started, outcome });
    }
  }

  return {
    kind: store.kind,
    get: (key) => observe('get', () => store.get(key)),
    set: (key, value, ttlSeconds) => observe('set', () => store.set(key, value, ttlSeconds)),
    setIfAbsent: (key, value, ttlSeconds) => observe('setIfAbsent', () => store.setIfAbsent(key, value, ttlSeconds)),
    take: (key) => observe('take', () => store.take(key)),
    remove: (keys) => observe('remove', () => store.remove(keys)),
    increment: (key, ttlSeconds, by) => observe('increment', () => store.increment(key, ttlSeconds, by)),
    hold: (keys, holder, ttlSeconds) => observe('hold', () => store.hold(keys, holder, ttlSeconds)),
    release: (keys, holder) => observe('release', () => store.release(keys, holder)),
    areHeld: (keys) => observe('areHeld', () => store.areHeld(keys)),
    publish: (channel, message) => observe('publish', () => store.publish(channel, message)),
    subscribe: (channel, onMessage, onGap) => store.subscribe(channel, onMessage, onGap),
    ping: () => observe('ping', () => store.ping()),
    close: () => store.close(),
  };
}
