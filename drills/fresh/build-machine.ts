/** A Debian with nothing but what the README asks for: make, git and any npm. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { outerProgram } from './outer-program.ts';

const packages = ['ca-certificates', 'make', 'git', 'curl', 'procps', 'libatomic1', 'xz-utils'];
const buildTimeoutMs = 1_200_000;
export const userName = 'newcomer';

export function buildMachine(folder: string): void {
  mkdirSync(folder, { recursive: true });
  // It becomes the root of its users.
  chmodSync(folder, 0o755);
  if (!existsSync(join(folder, 'usr/bin/make'))) debootstrap(folder);
  copyNode(folder);
  copyNetwork(folder);
  if (!readFileSync(join(folder, 'etc/passwd'), 'utf8').includes(`${userName}:`))
    run('chroot', [folder, 'useradd', '--create-home', '--shell', '/bin/bash', userName]);
}

function debootstrap(folder: string): void {
  const release = parseEnv(readFileSync('/etc/os-release', 'utf8'))['VERSION_CODENAME'] ?? 'bookworm';
  const mirror = mirrorOfThisMachine();
  run('debootstrap', ['--variant=minbase', `--include=${packages.join(',')}`, release, folder, ...(mirror === undefined ? [] : [mirror])]);
}

/** Where this machine gets its packages, so that the drill asks nobody else. */
function mirrorOfThisMachine(): string | undefined {
  const lists = ['/etc/apt/sources.list', ...globSync('/etc/apt/sources.list.d/*.{sources,list}').toSorted()];
  const text = lists.filter((path) => existsSync(path)).map((path) => readFileSync(path, 'utf8'));
  return /^(?:URIs:|deb (?:\[[^\]]*\] )?)\s*(\S+)/m.exec(text.join('\n'))?.[1];
}

function copyNode(folder: string): void {
  const node = outerProgram('node');
  const npm = outerProgram('npm');
  if (node === undefined || npm === undefined) throw new Error('this machine has no Node.js of its own');
  const modules = join(folder, 'usr/lib/node_modules');
  rmSync(join(modules, 'npm'), { recursive: true, force: true });
  cpSync(node, join(folder, 'usr/bin/node'));
  cpSync(dirname(dirname(npm)), join(modules, 'npm'), { recursive: true, verbatimSymlinks: true });
  for (const name of ['npm', 'npx']) {
    rmSync(join(folder, 'usr/bin', name), { force: true });
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(folder, 'usr/bin', name));
  }
}

/** How packages are reached from here: the resolver, the certificates, npm's settings. */
function copyNetwork(folder: string): void {
  for (const path of ['/etc/resolv.conf', '/etc/hosts', '/etc/ssl/certs', '/usr/etc/npmrc'])
    if (existsSync(path)) cpSync(path, join(folder, path), { recursive: true, force: true, dereference: true });
}

/** npm's settings of the one who runs the drill, for one home on the machine. */
export function copyNpmSettings(home: string): void {
  const settings = join(homedir(), '.npmrc');
  if (existsSync(settings)) cpSync(settings, join(home, '.npmrc'));
}

export function run(program: string, parameters: readonly string[]): void {
  execFileSync(outerProgram(program) ?? program, parameters, { stdio: ['ignore', 'ignore', 'inherit'], timeout: buildTimeoutMs });
}
