/**
 * Files of one folder, held in memory: a request never becomes a path of the file system. Built for a web app of a
 * few megabytes; a folder beyond the limits is refused by name.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HeaderSet } from '../server/security-headers.ts';

export interface StaticFile {
  readonly bytes: Buffer;
  readonly type: string;
  readonly etag: string;
  /** True when the name holds a hash of the content. */
  readonly immutable: boolean;
}

export interface StaticFolder {
  /** Path inside the folder with forward slashes. */
  find(path: string): StaticFile | undefined;
}

const filesMax = 2000;
const bytesMax = 64 * 1024 * 1024;
const compressFromBytes = 1024;
const brotliQuality = 7;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** Reads the whole folder. Undefined when it is not there. Throws when it is larger than what belongs in memory. */
export async function readStaticFolder(folder: string): Promise<StaticFolder | undefined> {
  const isThere = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isThere) return undefined;
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  if (entries.length > filesMax)
    throw new Error(`${folder} holds ${entries.length} files, more than ${filesMax}: is it the folder of the built web app?`);
  const files = new Map<string, StaticFile>();
  let total = 0;
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    total += bytes.length;
    if (total > bytesMax) throw new Error(`${folder} holds more than ${bytesMax} bytes: serve it by the proxy instead`);
    files.set(relative(folder, path).split(sep).join('/'), {
      bytes,
      type: types[extname(entry.name)] ?? 'application/octet-stream',
      etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
      immutable: /-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/.test(entry.name),
    });
  }
  return { find: (path) => files.get(path) };
}

const compress = promisify(brotliCompress);

export interface StaticSender {
  send(request: FastifyRequest, reply: FastifyReply, file: StaticFile): Promise<FastifyReply>;
}

/** Sends files with validators, caching and compression; each file is compressed once, when first asked for. */
export function createStaticSender({ headers }: { readonly headers: HeaderSet }): StaticSender {
  // Weak: a folder read anew takes its compressed copies with it.
  const compressed = new WeakMap<StaticFile, Promise<Buffer>>();

  function brotli(file: StaticFile): Promise<Buffer> {
    const known = compressed.get(file);
    if (known !== undefined) return known;
    const work = compress(file.bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality, [constants.BROTLI_PARAM_SIZE_HINT]: file.bytes.length },
    });
    compressed.set(file, work);
    return work;
  }

  return {
    send: async (request, reply, file) => {
      reply.headers(headers);
      reply.header('etag', file.etag);
      reply.header('vary', 'accept-encoding');
      reply.header('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
      if (request.headers['if-none-match'] === file.etag) return reply.status(304).send();
      reply.type(file.type);
      if (file.bytes.length < compressFromBytes || !acceptsBrotli(request)) return reply.send(file.bytes);
      return reply.header('content-encoding', 'br').send(await brotli(file));
    },
  };
}

function acceptsBrotli(request: FastifyRequest): boolean {
  const accepted = request.headers['accept-encoding'];
  return typeof accepted === 'string' && /\bbr\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))/.test(accepted);
}
