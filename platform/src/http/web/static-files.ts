/** Files of a folder through @fastify/static: streamed, with validators and the compressed copies that the build made beside them. */
import { realpath, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { HeaderSet } from '../server/security-headers.ts';

export async function registerStaticFiles(app: FastifyInstance): Promise<void> {
  await app.register(fastifyStatic, { serve: false, preCompressed: true, dotfiles: 'ignore', acceptRanges: false, cacheControl: false });
}

const hashedName = /-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/;
const hiddenOrCopy = /(?:^|\/)\.|\.(?:br|gz)$/;
const notThere: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP']);

/**
 * True for a plain file of the folder itself: nothing hidden, no compressed copy, no link, no other spelling of its path.
 * Throws when the folder cannot be looked at.
 */
export async function hasStaticFile(folder: string, path: string): Promise<boolean> {
  if (posix.normalize(path) !== path || path.includes('\0') || hiddenOrCopy.test(path)) return false;
  try {
    const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    return file === join(root, path) && (await stat(file)).isFile();
  } catch (error) {
    if (error instanceof Error && 'code' in error && notThere.has(error.code)) return false;
    throw error;
  }
}

export interface StaticSending {
  readonly folder: string;
  readonly path: string;
  readonly headers: HeaderSet;
}

export function sendStaticFile(reply: FastifyReply, { folder, path, headers }: StaticSending): FastifyReply {
  // Our validators are weak and fit no If-Match (RFC 9110, 13.1.1): it would refuse every file to those who send it.
  for (const name of ['if-match', 'if-unmodified-since']) Reflect.deleteProperty(reply.request.raw.headers, name);
  return reply
    .headers(headers)
    .header('cache-control', hashedName.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache')
    .sendFile(path, folder);
}

/**
 * Sends a page, whole: validators are made of size and time, and two builds whose times were taken away (a reproducible
 * image) have pages of one size that name different files.
 */
export function sendStaticPage(reply: FastifyReply, { folder, path, headers }: StaticSending): FastifyReply {
  return reply.headers(headers).header('cache-control', 'no-cache').sendFile(path, folder, { etag: false, lastModified: false });
}
