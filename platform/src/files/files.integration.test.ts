/** Both drivers keep the same promises: a folder, and a bucket behind a local server that checks signatures. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type S3Server, startS3Server } from '../../test/harness/s3-server.ts';
import type { Files } from './files.ts';
import { createFolderFiles } from './folder-files.ts';
import { createS3Files } from './s3-files.ts';

const home = mkdtempSync(join(tmpdir(), 'sanctum-files-'));
const keys = { bucket: 'sanctum', accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
let server: S3Server;
let made = 0;
const newName = () => `file-0000-${(made += 1)}`;

beforeAll(async () => {
  server = await startS3Server(keys);
});
afterAll(async () => {
  await server.close();
  rmSync(home, { recursive: true, force: true });
});

const bucket = (secretAccessKey = keys.secretAccessKey) =>
  createS3Files({ ...keys, secretAccessKey, region: 'us-east-1', endpoint: server.endpoint });
const drivers: Readonly<Record<string, () => Files>> = {
  folder: () => createFolderFiles({ folder: join(home, 'folder') }),
  s3: () => bucket(),
};

describe.each(Object.keys(drivers))('files in %s', (kind) => {
  const open = () => drivers[kind]?.() ?? expect.fail(`there is no driver ${kind}`);

  test('are given back byte for byte', async () => {
    const files = open();
    expect(files.kind).toBe(kind);
    const bytes = Uint8Array.from({ length: 300_000 }, (_, n) => (n * 31) % 256);
    const name = newName();
    await files.put(name, bytes);
    expect(Buffer.compare(Buffer.from((await files.get(name)) ?? []), Buffer.from(bytes))).toBe(0);
  });

  test('that are not there are nothing, also to remove', async () => {
    const files = open();
    expect(await files.get(newName())).toBeUndefined();
    await files.remove(newName());
  });

  test('are gone once removed, and new under the same name', async () => {
    const files = open();
    const name = newName();
    await files.put(name, Buffer.from('first'));
    await files.put(name, Buffer.from('second'));
    expect(Buffer.from((await files.get(name)) ?? []).toString()).toBe('second');
    await files.remove(name);
    await files.remove(name);
    expect(await files.get(name)).toBeUndefined();
  });

  test('have names that lead nowhere else', async () => {
    const files = open();
    for (const name of ['../../etc/passwd', 'a/b-long-enough', '', 'UPPER-CASE-NAME', 'short', 'with space here', '..%2f..%2fsecret'])
      await expect(Promise.try(() => files.put(name, Buffer.from('x')))).rejects.toThrow('draw the name');
  });

  test('come whole when many write at once', async () => {
    const files = open();
    const name = newName();
    const texts = Array.from({ length: 8 }, (_, n) => String(n).repeat(50_000));
    await Promise.all(texts.map((text) => files.put(name, Buffer.from(text))));
    expect(texts).toContain(Buffer.from((await files.get(name)) ?? []).toString());
  });
});

test('a folder holds no drafts of what was written', () => {
  const names = readdirSync(join(home, 'folder'), { recursive: true }).map(String);
  expect(names.length).toBeGreaterThan(1);
  expect(names.filter((name) => name.includes('.part'))).toEqual([]);
});

test('a bucket that refuses is an error that names its settings, not a missing file', async () => {
  const wrong = bucket('another one');
  await expect(wrong.get(newName())).rejects.toThrow('FILES_S3_BUCKET');
  await expect(wrong.put(newName(), Buffer.from('x'))).rejects.toThrow('answered 403');
});
