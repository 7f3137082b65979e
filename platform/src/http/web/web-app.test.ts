import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BareServer, createBareServer } from '../../../test/harness/bare-server.ts';
import { waitUntil } from '../../../test/harness/wait-until.ts';

const script = `console.log("${'x'.repeat(3000)}");`;
let folder: string;
let server: BareServer;

beforeEach(async () => {
  const parent = mkdtempSync(join(tmpdir(), 'sanctum-web-'));
  writeFileSync(join(parent, 'secret.txt'), 'outside');
  folder = join(parent, 'dist');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>first build</title>');
  writeFileSync(join(folder, 'favicon.svg'), '<svg/>');
  writeFileSync(join(folder, 'assets/index-Ab3_xY9z.js'), script);
  server = await createBareServer([], { webFolder: folder });
});
afterEach(() => server.app.close());

const html = { accept: 'text/html,*/*;q=0.8' };

describe('the web app', () => {
  test.each(['/', '/s/astronomy', '/posts/42', '/sign-in?next=%2F'])('%s is its page, never cached without asking', async (url) => {
    const response = await server.app.inject({ url, headers: html });
    expect([response.statusCode, response.headers['content-type'], response.headers['cache-control']]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-cache',
    ]);
    expect(response.body).toContain('first build');
  });

  test('its page may load only its own files, and may not be framed', async () => {
    const { headers } = await server.app.inject({ url: '/', headers: html });
    const policy = String(headers['content-security-policy']);
    for (const rule of ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"])
      expect(policy).toContain(rule);
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    });
  });

  test('hashed files are immutable and compressed, other files are asked for again', async () => {
    const asset = await server.app.inject({ url: '/assets/index-Ab3_xY9z.js', headers: { 'accept-encoding': 'gzip, br' } });
    expect(asset.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'br',
      'content-type': 'text/javascript; charset=utf-8',
    });
    expect(brotliDecompressSync(asset.rawPayload).toString()).toBe(script);
    expect((await server.app.inject('/assets/index-Ab3_xY9z.js')).body).toBe(script);
    expect((await server.app.inject({ url: '/assets/index-Ab3_xY9z.js', headers: { 'accept-encoding': 'br;q=0' } })).body).toBe(script);
    expect((await server.app.inject('/favicon.svg')).headers['cache-control']).toBe('no-cache');
  });

  test('a file that did not change is 304', async () => {
    const { etag } = (await server.app.inject('/favicon.svg')).headers;
    expect(etag).toBeDefined();
    expect((await server.app.inject({ url: '/favicon.svg', headers: { 'if-none-match': String(etag) } })).statusCode).toBe(304);
  });

  test.each(['/assets/index-00000000.js', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/assets/%2e%2e%2f..%2fsecret.txt', '/secret.txt'])(
    '%s is 404, never a page and never a file from outside',
    async (url) => {
      const response = await server.app.inject({ url, headers: html });
      expect([response.statusCode, response.headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
    },
  );

  test('a client that wants JSON gets no page', async () => {
    expect((await server.app.inject({ url: '/posts/42', headers: { accept: 'application/json' } })).statusCode).toBe(404);
  });

  test('a new build is served without a restart', async () => {
    expect((await server.app.inject({ url: '/', headers: html })).body).toContain('first build');
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>second build</title>');
    utimesSync(join(folder, 'index.html'), new Date(), new Date(Date.now() + 5000));
    await waitUntil('the second build is served', async () =>
      (await server.app.inject({ url: '/', headers: html })).body.includes('second build'),
    );
  });

  test('that is not built says how to build it', async () => {
    const bare = await createBareServer([], { webFolder: join(folder, 'nowhere') });
    const response = await bare.app.inject({ url: '/', headers: html });
    expect([response.statusCode, response.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
    expect(response.body).toContain('make up');
    await bare.app.close();
  });
});
