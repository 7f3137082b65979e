import { describe, expect, it } from 'vitest';
import { type CacheEvent, createCache } from './cache.ts';
import { createInProcessStore } from './in-process-store.ts';
import { profileKey } from './keys.ts';
import { type Store, StoreUnavailable } from './store.ts';

const { freshMs = 0, staleMs = 0 } = profileKey.local ?? {};

function unavailable(): Promise<never> {
  return Promise.reject(new StoreUnavailable(new Error('planted')));
}

/** One process over a store; the clock is moved by hand. */
function createProcess(store: Store = createInProcessStore()) {
  const events: CacheEvent[] = [];
  const clock = { nowMs: 0 };
  const cache = createCache({ store, onEvent: (event) => events.push(event), now: () => clock.nowMs });
  let loads = 0;
  const read = (value: string | undefined = '{"a":1}') =>
    cache.read(profileKey, ['ada'], async () => {
      loads += 1;
      return value;
    });
  return { cache, read, events, clock, store, loads: () => loads, outcomes: () => events.map(({ outcome }) => outcome) };
}

describe('the cache', () => {
  it('loads once, then serves the copy', async () => {
    const { read, loads, outcomes } = createProcess();
    expect(await read()).toBe('{"a":1}');
    expect(await read()).toBe('{"a":1}');
    expect(loads()).toBe(1);
    expect(outcomes()).toEqual(['miss', 'hit-local']);
  });

  it('gives the copy as bytes, encoded once and new after a drop', async () => {
    const { cache } = createProcess();
    let value = '{"name":"Zoë 🎲"}';
    const readBytes = () => cache.readBytes(profileKey, ['ada'], async () => value);
    expect((await readBytes()).toString('utf8')).toBe(value);
    const copy = await readBytes();
    expect(copy.toString('utf8')).toBe(value);
    expect(await readBytes()).toBe(copy);
    expect(await cache.read(profileKey, ['ada'], async () => 'not loaded')).toBe(value);
    value = '{"name":"Ada"}';
    await cache.drop(profileKey, ['ada']);
    expect((await readBytes()).toString('utf8')).toBe(value);
  });

  it('runs one load for a thousand readers who come at once', async () => {
    const { read, loads } = createProcess();
    const all = await Promise.all(Array.from({ length: 1000 }, () => read()));
    expect(new Set(all)).toEqual(new Set(['{"a":1}']));
    expect(loads()).toBe(1);
  });

  it('takes what another process stored', async () => {
    const first = createProcess();
    const second = createProcess(first.store);
    await first.read('{"from":"first"}');
    expect(await second.read('{"from":"second"}')).toBe('{"from":"first"}');
    expect(second.loads()).toBe(0);
    expect(second.outcomes()).toEqual(['hit-store']);
  });

  it('remembers that there is nothing', async () => {
    const { cache } = createProcess();
    let loads = 0;
    const read = () =>
      cache.read(profileKey, ['nobody'], async () => {
        loads += 1;
        return undefined;
      });
    expect(await read()).toBeUndefined();
    expect(await read()).toBeUndefined();
    expect(loads).toBe(1);
  });

  it('serves a stale copy while one reload runs, and nothing older', async () => {
    const { read, clock, loads, outcomes, store } = createProcess();
    await read('{"v":1}');
    await store.remove([profileKey.build('ada')]);
    clock.nowMs = freshMs + 1;
    expect(await Promise.all([read('{"v":2}'), read('{"v":2}')])).toEqual(['{"v":1}', '{"v":1}']);
    await new Promise(setImmediate);
    expect(await read('{"v":3}')).toBe('{"v":2}');
    expect(loads()).toBe(2);
    await store.remove([profileKey.build('ada')]);
    clock.nowMs += freshMs + staleMs + 1;
    expect(await read('{"v":4}')).toBe('{"v":4}');
    expect(outcomes().filter((outcome) => outcome === 'stale')).toHaveLength(2);
  });

  it('keeps serving the stale copy when the reload fails, and reports it', async () => {
    const { cache, read, clock, outcomes, store } = createProcess();
    await read('{"v":1}');
    await store.remove([profileKey.build('ada')]);
    clock.nowMs = freshMs + 1;
    const failing = () => cache.read(profileKey, ['ada'], () => Promise.reject(new Error('planted')));
    expect(await failing()).toBe('{"v":1}');
    await new Promise(setImmediate);
    expect(outcomes()).toContain('load-failed');
    clock.nowMs = freshMs + staleMs + 1;
    await expect(failing()).rejects.toThrow('planted');
  });

  it('gives a failed load to all who waited, and tries again for the next', async () => {
    const { cache, read } = createProcess();
    const failing = () => cache.read(profileKey, ['ada'], () => Promise.reject(new Error('planted')));
    const outcomes = await Promise.allSettled([failing(), failing()]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await read()).toBe('{"a":1}');
  });

  it('drops a value here, in the store and in every other process that listens', async () => {
    const first = createProcess();
    const second = createProcess(first.store);
    await Promise.all([first.cache.start(), second.cache.start()]);
    await first.read('{"v":1}');
    await second.read();
    await first.cache.drop(profileKey, ['ada']);
    await new Promise(setImmediate);
    expect(await second.read('{"v":2}')).toBe('{"v":2}');
    expect(await first.read()).toBe('{"v":2}');
  });

  it('does not keep what a load read before the drop', async () => {
    const { cache, store } = createProcess();
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const slow = cache.read(profileKey, ['ada'], async () => {
      await gate;
      return '{"v":"old"}';
    });
    await cache.drop(profileKey, ['ada']);
    open();
    expect(await slow).toBe('{"v":"old"}');
    expect(await store.get(profileKey.build('ada'))).toBeUndefined();
    expect(await cache.read(profileKey, ['ada'], async () => '{"v":"new"}')).toBe('{"v":"new"}');
  });

  it('goes on without the store', async () => {
    const dead: Store = { ...createInProcessStore(), get: unavailable, set: unavailable, remove: unavailable, publish: unavailable };
    const { read, cache, loads, outcomes } = createProcess(dead);
    expect(await read()).toBe('{"a":1}');
    expect(await read()).toBe('{"a":1}');
    expect(loads()).toBe(1);
    await cache.drop(profileKey, ['ada']);
    expect(await read('{"a":2}')).toBe('{"a":2}');
    expect(outcomes()).toContain('store-failed');
  });

  it('shows what was dropped to nobody here any longer, while the store still removes it', async () => {
    const store = createInProcessStore();
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const slow: Store = { ...store, remove: (keys) => gate.then(() => store.remove(keys)) };
    const { read, cache } = createProcess(slow);
    await read('{"v":1}');
    const dropped = cache.drop(profileKey, ['ada']);
    expect(await store.get(profileKey.build('ada'))).toBe('{"v":1}');
    expect(await read('{"v":2}')).toBe('{"v":2}');
    open();
    await dropped;
    // Removed for good: what is stored from now on is believed again.
    await cache.drop(profileKey, ['ada']);
    await store.set(profileKey.build('ada'), '{"v":3}', 60);
    expect(await read('{"v":4}')).toBe('{"v":3}');
  });

  it('does not trust the store with a value that could not be removed from it', async () => {
    const store = createInProcessStore();
    let removes = false;
    const stubborn: Store = { ...store, remove: (keys) => (removes ? store.remove(keys) : unavailable()) };
    const { read, cache, clock } = createProcess(stubborn);
    await read('{"v":1}');
    await cache.drop(profileKey, ['ada']);
    await store.set(profileKey.build('ada'), '{"v":1}', 60);
    expect(await read('{"v":2}')).toBe('{"v":2}');
    removes = true;
    clock.nowMs += (profileKey.ttlSeconds ?? 0) * 1000 + 1;
    await cache.drop(profileKey, ['ada']);
    await store.set(profileKey.build('ada'), '{"v":3}', 60);
    expect(await read('{"v":4}')).toBe('{"v":3}');
  });

  it('passes a value that is larger than its declaration on, and keeps it nowhere', async () => {
    const { read, loads, outcomes, store } = createProcess();
    const large = JSON.stringify('x'.repeat(profileKey.sizeMaxBytes));
    expect(await read(large)).toBe(large);
    expect(await read(large)).toBe(large);
    expect(loads()).toBe(2);
    expect(await store.get(profileKey.build('ada'))).toBeUndefined();
    expect(outcomes()).toContain('too-large');
  });

  it('stays within its bytes', async () => {
    const store = createInProcessStore();
    const events: CacheEvent[] = [];
    const cache = createCache({ store, localBytesMax: 100_000, onEvent: (event) => events.push(event), now: () => 0 });
    for (let index = 0; index < 200; index += 1)
      await cache.read(profileKey, [`user-${index}`], async () => JSON.stringify('x'.repeat(1000)));
    await store.close();
    events.length = 0;
    await cache.read(profileKey, ['user-199'], async () => '{}');
    await cache.read(profileKey, ['user-0'], async () => '{}');
    expect(events.map(({ outcome }) => outcome)).toEqual(['hit-local', 'miss']);
  });
});
