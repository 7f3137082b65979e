/**
 * Several instances of the platform on one database behind nginx, in place of the one that a test believes to have: with
 * SANCTUM_TEST_INSTANCES=3 the suites for API and browser meet what their users meet, where each request goes to another
 * instance. Each has a store of its own, in process or, with SANCTUM_TEST_REDIS=1, on one Redis that they share.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalProxy } from '../../local/nginx.ts';
import { choosePort } from '../../local/ports.ts';
import type { App } from '../../src/app.ts';
import { createStore } from '../../src/redis/create-store.ts';
import { createInProcessStore } from '../../src/redis/in-process-store.ts';
import type { Store } from '../../src/redis/store.ts';
import { startTestRedis } from './redis-server.ts';
import { addressHeader, injectThrough } from './through-proxy.ts';
import { findTool } from './tools.ts';

/** How many instances a test's platform is made of. */
export const instancesAsked = Number(process.env['SANCTUM_TEST_INSTANCES'] ?? '1');

export interface Stores {
  readonly each: readonly Store[];
  close(): Promise<void>;
}

/** @param given one that the test itself holds: all instances share it */
export async function openStores(count: number, given: Store | undefined): Promise<Stores> {
  if (given !== undefined) return { each: Array.from({ length: count }, () => given), close: async () => {} };
  const redis = count > 1 && process.env['SANCTUM_TEST_REDIS'] === '1' ? await startTestRedis(programOf('redis-server')) : undefined;
  const each: Store[] = [];
  for (let index = 0; index < count; index += 1)
    each.push(redis === undefined ? createInProcessStore() : await createStore({ redisUrl: redis.url }));
  return {
    each,
    close: async () => {
      await Promise.all(each.map((store) => store.close()));
      await redis?.close();
    },
  };
}

export interface BehindProxy {
  /** The first instance in everything but who answers: that is the proxy's choice. */
  readonly app: App;
  readonly url: string;
  close(): Promise<void>;
}

export async function putBehindProxy(apps: readonly App[]): Promise<BehindProxy> {
  const [first] = apps;
  if (first === undefined) throw new Error('there is no instance to put behind a proxy');
  const folder = mkdtempSync(join(tmpdir(), 'sanctum-proxy-'));
  const proxy = createLocalProxy({
    program: programOf('nginx'),
    folder,
    runFile: join(folder, 'run.json'),
    logFile: join(folder, 'error.log'),
    accessLog: join(folder, 'access.log'),
    serverLines: `set_real_ip_from 127.0.0.1; real_ip_header ${addressHeader};`,
  });
  const upstreams = [];
  for (const app of apps) upstreams.push({ port: Number(new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port), isDown: false });
  const { run } = await proxy.apply({ host: '127.0.0.1', port: await choosePort(), upstreams });
  const inject = injectThrough(run.url);
  const app = new Proxy(first, {
    get: (target, key) => (key === 'inject' ? inject : key === 'listen' ? async () => run.url : Reflect.get(target, key, target)),
  });
  return {
    app,
    url: run.url,
    close: async () => {
      await proxy.stop();
      await Promise.all(apps.map((one) => one.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function programOf(name: 'nginx' | 'redis-server'): string {
  const path = findTool(name);
  if (path === undefined) throw new Error(`several instances need ${name}: run "make tools"`);
  return path;
}
