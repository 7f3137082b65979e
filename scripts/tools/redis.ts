/** redis-server for the tests that need a real one, redis-cli for the fixes that they paste. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages, unpackPackages } from './apt.ts';
import type { Tool } from './ensure-tool.ts';
import { run } from './run.ts';
import { unpackInto, writeWrapper } from './wrapper.ts';

const programs = ['redis-server', 'redis-cli'] as const;
const packages = ['redis-server', 'redis-tools'];
const usualPackages = [...packages, 'liblzf1', 'libjemalloc2', 'liblua5.1-0', 'lua-cjson', 'lua-bitop', 'libatomic1', 'libsystemd0'];
const majorMin = 7;
const probeTimeoutMs = 30_000;

function unpackRedis(toolsFolder: string): string | undefined {
  const problem = unpackInto(toolsFolder, 'redis', (draft) => unpackPackages(packages, usualPackages, draft));
  if (problem !== undefined) return problem;
  const multiarch = readdirSync(join(toolsFolder, 'redis/usr/lib')).filter((name) => name.includes('-linux-gnu'));
  const libraries = multiarch
    .flatMap((name) => [`redis/usr/lib/${name}`, `redis/lib/${name}`])
    .filter((path) => existsSync(join(toolsFolder, path)));
  for (const name of programs) writeWrapper(toolsFolder, name, { program: `redis/usr/bin/${name}`, libraries });
  return undefined;
}

export const redis: Tool = {
  title: 'Redis',
  programs,
  probe: async (find) => {
    for (const name of programs) {
      const path = find(name);
      if (path === undefined) return `${name} was not found`;
      const { stdout, problem } = run(path, ['--version'], { timeoutMs: probeTimeoutMs });
      if (problem !== undefined) return problem;
      const major = Number(/(?:v=|redis-cli )(\d+)\./.exec(stdout)?.[1] ?? 0);
      if (major < majorMin) return `${path} is too old or says no version: "${stdout.trim().slice(0, 60)}", version ${majorMin} is needed`;
    }
    return undefined;
  },
  ways: [
    { name: 'apt-get install', install: () => installPackages(packages) },
    { name: 'unpacked from Debian packages', install: unpackRedis },
  ],
  advice: `install Redis ${majorMin} or newer with its redis-cli (Debian, Ubuntu: sudo apt-get install redis-server; Fedora: sudo dnf install redis; macOS: brew install redis)`,
};
