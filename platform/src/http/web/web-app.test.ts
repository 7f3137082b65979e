import { mkdirSync, mkdtempSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
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
  const asset = join(folder, 'assets/index-Ab3_xY9z.js');
  writeFileSync(asset, script);
  writeFileSync(`${asset}.br`, brotliCompressSync(script));
  writeFileSync(`${asset}.gz`, gzipSync(script));
  symlinkSync(join(parent, 'secret.txt'), join(folder, 'linked.txt'));
  symlinkSync(parent, join(folder, 'linked'));
  writeFileSync(join(folder, '.env.local'), 'hidden');
  mkdirSync(join(folder, '.hidden'));
  writeFileSync(join(folder, '.hidden/file.js'), 'hidden');
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

  test('hashed files are immutable, other files are asked for again', async () => {
    const asset = await server.app.inject('/assets/index-Ab3_xY9z.js');
    expect(asset.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'application/javascript; charset=utf-8',
      'content-length': String(script.length),
    });
    expect(asset.body).toBe(script);
    expect((await server.app.inject('/favicon.svg')).headers['cache-control']).toBe('no-cache');
  });

  test.each([
    ['gzip, br', 'br'],
    ['gzip, deflate', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0, gzip;q=0', undefined],
    ['zstd', undefined],
    ['', undefined],
  ])('who accepts "%s" gets the copy of the build in %s, and caches are told', async (accepted, encoding) => {
    const response = await server.app.inject({ url: '/assets/index-Ab3_xY9z.js', headers: { 'accept-encoding': accepted } });
    expect([response.statusCode, response.headers['content-encoding'], response.headers['vary']]).toEqual([
      200,
      encoding,
      expect.stringMatching(/accept-encoding/i),
    ]);
    const unpack = encoding === 'br' ? brotliDecompressSync : encoding === 'gzip' ? gunzipSync : (bytes: Buffer) => bytes;
    expect(unpack(response.rawPayload).toString()).toBe(script);
    expect(response.headers['content-type']).toBe('application/javascript; charset=utf-8');
  });

  test('a file without compressed copies is sent as it is', async () => {
    const response = await server.app.inject({ url: '/favicon.svg', headers: { 'accept-encoding': 'gzip, br' } });
    expect([response.statusCode, response.headers['content-encoding'], response.body]).toEqual([200, undefined, '<svg/>']);
  });

  test('HEAD tells what GET would send', async () => {
    for (const url of ['/', '/assets/index-Ab3_xY9z.js', '/favicon.svg']) {
      const [head, get] = [await server.app.inject({ method: 'HEAD', url }), await server.app.inject(url)];
      expect([head.statusCode, head.body]).toEqual([200, '']);
      for (const name of ['content-length', 'content-type', 'cache-control', 'etag']) expect(head.headers[name]).toBe(get.headers[name]);
    }
  });

  test('a range is answered with the whole file', async () => {
    const response = await server.app.inject({ url: '/assets/index-Ab3_xY9z.js', headers: { range: 'bytes=0-9' } });
    expect([response.statusCode, response.body, response.headers['accept-ranges']]).toEqual([200, script, undefined]);
  });

  test('conditions that our validators cannot meet keep nobody from a file', async () => {
    for (const headers of [{ 'if-match': '"mine"' }, { 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' }])
      expect((await server.app.inject({ url: '/favicon.svg', headers })).statusCode).toBe(200);
  });

  test('files carry the headers of the page', async () => {
    const { headers } = await server.app.inject('/assets/index-Ab3_xY9z.js');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-request-id']).toBeDefined();
  });

  test('a file that did not change is 304', async () => {
    const { etag } = (await server.app.inject('/favicon.svg')).headers;
    expect(etag).toBeDefined();
    const again = await server.app.inject({ url: '/favicon.svg', headers: { 'if-none-match': String(etag) } });
    expect([again.statusCode, again.body, again.headers['etag']]).toEqual([304, '', etag]);
    expect((await server.app.inject({ url: '/favicon.svg', headers: { 'if-none-match': '"another"' } })).statusCode).toBe(200);
  });

  test('a page of another build is new even when its size and its time are the same', async () => {
    const page = join(folder, 'index.html');
    const before = await server.app.inject({ url: '/', headers: html });
    const { mtime } = statSync(page);
    writeFileSync(page, '<!doctype html><title>other build</title>');
    utimesSync(page, mtime, mtime);
    const conditions = { 'if-none-match': String(before.headers['etag']), 'if-modified-since': new Date().toUTCString() };
    const after = await server.app.inject({ url: '/', headers: { ...html, ...conditions } });
    expect(statSync(page).size).toBe(before.rawPayload.length);
    expect([after.statusCode, after.body]).toEqual([200, expect.stringContaining('other build')]);
  });

  test.each([
    '/assets/index-00000000.js',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/%2e%2e%2f..%2fsecret.txt',
    '/assets%5c..%5c..%5csecret.txt',
    '/secret.txt',
    '/assets//index-Ab3_xY9z.js',
    '/favicon.svg%00.js',
    '/linked.txt',
    '/linked/secret.txt',
    '/.env.local',
    '/.hidden/file.js',
    '/assets/index-Ab3_xY9z.js.br',
    '/assets/index-Ab3_xY9z.js.gz',
    `/${'x'.repeat(300)}.js`,
  ])('%s is 404, never a page and never a file from outside', async (url) => {
    const response = await server.app.inject({ url, headers: html });
    expect([response.statusCode, response.headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
  });

  test.each(['/assets', '/assets/', '/s//astronomy', '/.well-known'])('%s names no file, so it is the page', async (url) => {
    const response = await server.app.inject({ url, headers: html });
    expect([response.statusCode, response.body]).toEqual([200, expect.stringContaining('first build')]);
  });

  test('a file is logged and counted as one request of the web app', async () => {
    await server.app.inject('/favicon.svg');
    await server.app.inject('/assets/index-00000000.js');
    expect(server.logs).toMatchObject([
      { message: 'request', route: '/*', status: 200 },
      { message: 'request', route: '/*', status: 404, code: 'request.route_unknown' },
    ]);
  });

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
