import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const script = `
  const { createRequire } = await import('node:module');
  await import(${JSON.stringify(join(import.meta.dirname, 'serve.ts'))});
  const builtins = process.moduleLoadList.filter((name) => name.startsWith('NativeModule ')).map((name) => name.slice(13));
  console.log(JSON.stringify([...builtins, ...Object.keys(createRequire(import.meta.url).cache)]));
`;

test('a start loads what every instance needs, and not what some requests or settings need', () => {
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  const loaded = JSON.parse(output) as string[];
  expect(loaded).toContain('_http_server');
  expect(loaded.some((path) => path.includes('/node_modules/fastify/'))).toBe(true);
  // Node's HTTP client: loaded where somebody imports node:http instead of asking node-http.ts for its parts.
  expect(loaded.filter((name) => name.includes('undici'))).toEqual([]);
  const later = ['piscina', 'graphile-worker', 'ioredis', 'sanitize-html', '@opentelemetry/sdk-node', '@fastify/cors'];
  expect(later.filter((name) => loaded.some((path) => path.includes(`/node_modules/${name}/`)))).toEqual([]);
});
