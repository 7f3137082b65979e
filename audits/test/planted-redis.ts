import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll } from 'vitest';
import { startTestRedis, type TestRedis } from '../../platform/test/harness/redis-server.ts';
import { requireTool } from '../../platform/test/harness/tools.ts';
import type { Check, CheckResult } from '../src/check.ts';
import { runInWorld } from './context.ts';

const program = requireTool('redis-server');
const pasteTimeoutMs = 10_000;

export interface PlantedRedis {
  /** True where no redis-server can be had: for `test.skipIf`. */
  readonly isMissing: boolean;
  /** Its address, as one of its users. */
  url(user?: { readonly name: string; readonly password: string }): string;
  command(name: string, ...values: string[]): Promise<unknown>;
  /** Runs a fix in a shell, with REDIS_URL set, as the reader of a finding does. */
  paste(fix: string): Promise<void>;
  look(check: Check): Promise<CheckResult>;
  stall(): void;
  resume(): void;
  kill(): Promise<void>;
}

/** A real Redis for one test file, to plant faults in. Registers its own clean-up. */
export function plantedRedis(): PlantedRedis {
  let redis: TestRedis | undefined;
  const current = () => {
    if (redis === undefined) throw new Error('The Redis exists only while tests run.');
    return redis;
  };
  beforeAll(async () => {
    if (program !== undefined) redis = await startTestRedis(program);
  });
  afterAll(async () => {
    redis?.resume();
    await redis?.close();
  });
  return {
    isMissing: program === undefined,
    url: (user) => {
      const url = new URL(current().url);
      if (user !== undefined) Object.assign(url, { username: user.name, password: user.password });
      return url.href;
    },
    command: (name, ...values) => current().command(name, ...values),
    paste: async (fix) => {
      await promisify(execFile)('sh', ['-ec', fix], {
        env: { PATH: process.env['PATH'], REDIS_URL: current().url },
        timeout: pasteTimeoutMs,
      });
    },
    look: (check) => runInWorld(check, { redisUrl: current().url }),
    stall: () => current().stall(),
    resume: () => current().resume(),
    kill: () => current().kill(),
  };
}
