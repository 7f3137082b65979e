/** Debian's packages: installed where we are root, unpacked into a folder of ours where we are not. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.ts';

const noApt = 'this is no Debian or Ubuntu: there is no apt-get';
const hasApt = () => existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg');

/** @returns what went wrong, undefined when they are installed. */
export function installPackages(packages: readonly string[]): string | undefined {
  if (!hasApt()) return noApt;
  if (process.getuid?.() !== 0) return 'only root may install packages';
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { environment }).problem;
  if (install() === undefined) return undefined;
  return run('apt-get', ['update', '-qq'], { environment }).problem ?? install();
}

/**
 * Unpacks the packages, and those that they need and this machine lacks, into `folder`. Needs no root, and
 * no package lists either: images of containers come without them, so a second try fetches lists of our own.
 * @param usual what to unpack where apt itself cannot say what is needed
 * @returns what went wrong, undefined when all were unpacked.
 */
export function unpackPackages(packages: readonly string[], usual: readonly string[], folder: string): string | undefined {
  if (!hasApt()) return noApt;
  const work = mkdtempSync(join(tmpdir(), 'sanctum-apt-'));
  try {
    const withListsOfTheMachine = download(packages, usual, work, []);
    if (withListsOfTheMachine === undefined) return unpackAll(work, folder);
    const own = ownLists(work);
    const fetched = run('apt-get', [...own, 'update', '-qq']).problem;
    if (fetched !== undefined) return `${withListsOfTheMachine}; lists of our own: ${fetched}`;
    return download(packages, usual, work, own) ?? unpackAll(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function ownLists(work: string): string[] {
  const lists = join(work, 'lists');
  const cache = join(work, 'cache');
  for (const folder of [join(lists, 'partial'), join(cache, 'archives/partial')]) mkdirSync(folder, { recursive: true });
  return ['-o', `Dir::State::Lists=${lists}`, '-o', `Dir::Cache=${cache}`, '-o', 'Debug::NoLocking=1'];
}

function download(packages: readonly string[], usual: readonly string[], work: string, options: readonly string[]): string | undefined {
  const plan = run('apt-get', [...options, '--simulate', '--no-install-recommends', 'install', ...packages]);
  const needed = [...plan.stdout.matchAll(/^Inst (\S+)/gm)].flatMap(([, name]) => name ?? []);
  const isComplete = plan.problem === undefined && packages.every((name) => needed.includes(name));
  return run('apt-get', [...options, 'download', ...(isComplete ? needed : usual)], { cwd: work }).problem;
}

function unpackAll(work: string, folder: string): string | undefined {
  const files = readdirSync(work).filter((name) => name.endsWith('.deb'));
  if (files.length === 0) return 'apt-get download fetched nothing';
  mkdirSync(folder, { recursive: true });
  return files.map((file) => run('dpkg', ['-x', join(work, file), folder]).problem).find((problem) => problem !== undefined);
}
