import { execFile } from 'node:child_process';
import { glob, readFile, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { CouldNotLook } from '../check.ts';
import type { RepositoryTarget } from '../check.ts';

const ignoredFolders = new Set(['node_modules', '.git', '.sanctum', 'dist', 'coverage']);
const gitOutputBytesMax = 64 * 1024 * 1024;
const gitTimeoutMs = 10_000;

/** The checkout at `root`. Throws `CouldNotLook` when the folder does not exist. */
export async function openRepository(root: string): Promise<RepositoryTarget> {
  const absolute = resolve(root);
  const found = await stat(absolute).catch(() => undefined);
  if (!found?.isDirectory()) {
    throw new CouldNotLook(`${absolute} is not a folder.`, { fix: 'Give the folder of the checkout (--root .).' });
  }
  return {
    root: absolute,
    async files(pattern) {
      const patterns = typeof pattern === 'string' ? [pattern] : [...pattern];
      const paths: string[] = [];
      const walk = glob(patterns, {
        cwd: absolute,
        withFileTypes: true,
        exclude: (entry) => ignoredFolders.has(entry.name),
      });
      for await (const entry of walk) {
        if (entry.isFile()) paths.push(join(entry.parentPath, entry.name).slice(absolute.length + 1));
      }
      return [...new Set(paths)].map((path) => path.split(sep).join('/')).toSorted();
    },
    read: (path) => readFile(join(absolute, path), 'utf8'),
    tracked: () => tracked(absolute),
  };
}

async function tracked(root: string): Promise<string[]> {
  try {
    const { stdout } = await promisify(execFile)('git', ['-C', root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      maxBuffer: gitOutputBytesMax,
      timeout: gitTimeoutMs,
    });
    return stdout
      .split('\0')
      .filter((path) => path !== '')
      .toSorted();
  } catch (error) {
    throw new CouldNotLook(`git cannot list the files of ${root}.`, {
      fix: `Run the review inside a git checkout; try: git -C ${root} ls-files`,
      cause: error,
    });
  }
}
