/** A copy of this checkout that a drill may break: a git repository of its own, with the installed packages linked in. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repositoryRoot } from './stack.ts';

const filesMax = 10_000;
const listBytesMax = 4 * 1024 * 1024;
const workspaces = { platform: 'platform', web: 'platform/web', migrations: 'migrations', audits: 'audits', 'ops-cli': 'ops-cli' };
/** Built, therefore not tracked; the copy need not build them again. */
const builtFolders = ['platform/web/dist', 'platform/web/src/api'];

export interface Checkout {
  readonly root: string;
  remove(): void;
}

/** Copies what git tracks or would add, commits it in the copy, and points its packages at itself. */
export function copyCheckout(): Checkout {
  const root = mkdtempSync(join(tmpdir(), 'sanctum-checkout-'));
  chmodSync(root, 0o755);
  for (const path of [...ownFiles(), ...builtFolders]) {
    const from = join(repositoryRoot, path);
    if (!existsSync(from)) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    // With their times: make would find every target older than the files it is made of.
    cpSync(from, join(root, path), { recursive: true, preserveTimestamps: true });
  }
  linkPackages(root);
  git(root, 'init', '--quiet');
  git(root, 'add', '--all');
  git(
    root,
    '-c',
    'user.name=drill',
    '-c',
    'user.email=drill@localhost',
    '-c',
    'commit.gpgsign=false',
    'commit',
    '--quiet',
    '-m',
    'drill: as found',
  );
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Runs git in `root` and returns what it printed. Throws when it fails. */
export function git(root: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: listBytesMax });
}

function ownFiles(): string[] {
  const files = git(repositoryRoot, 'ls-files', '-z', '--cached', '--others', '--exclude-standard')
    .split('\0')
    .filter((path) => path !== '');
  if (files.length === 0 || files.length > filesMax)
    throw new Error(`git lists ${files.length} files; a checkout of Sanctum has 1 to ${filesMax}`);
  return [...new Set(files)];
}

/** Foreign packages are links to the installed ones; our own lead to the copy, or its edits would never be seen. */
function linkPackages(root: string): void {
  const installed = join(repositoryRoot, 'node_modules');
  const linked = join(root, 'node_modules');
  mkdirSync(join(linked, '@sanctum'), { recursive: true });
  for (const name of readdirSync(installed)) {
    if (name === '@sanctum') continue;
    // The launchers are relative links: copied as they are, they lead into the copy.
    if (name === '.bin') cpSync(join(installed, name), join(linked, name), { recursive: true, verbatimSymlinks: true });
    else symlinkSync(join(installed, name), join(linked, name));
  }
  for (const [name, folder] of Object.entries(workspaces)) symlinkSync(join(root, folder), join(linked, '@sanctum', name));
}
