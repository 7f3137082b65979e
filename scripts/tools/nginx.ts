/**
 * nginx, the proxy in front of several instances. Always unpacked, never installed: the package would start a web server
 * on port 80 of the machine.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { unpackPackages } from './apt.ts';
import type { Tool } from './ensure-tool.ts';
import { run } from './run.ts';
import { unpackInto, writeWrapper } from './wrapper.ts';

const packages = ['nginx'];
const usualPackages = ['nginx', 'nginx-common', 'libpcre2-8-0', 'libssl3', 'zlib1g', 'libcrypt1'];
/** The first with every directive and flag that deploy/nginx/nginx.conf.template and the local stack use. */
const minorMin = 20;
const probeTimeoutMs = 30_000;

function unpackNginx(toolsFolder: string): string | undefined {
  const problem = unpackInto(toolsFolder, 'nginx', (draft) => unpackPackages(packages, usualPackages, draft));
  if (problem !== undefined) return problem;
  // A machine that has all the libraries gives a package without a folder of them.
  const folder = join(toolsFolder, 'nginx/usr/lib');
  const multiarch = existsSync(folder) ? readdirSync(folder).filter((name) => name.includes('-linux-gnu')) : [];
  const libraries = multiarch
    .flatMap((name) => [`nginx/usr/lib/${name}`, `nginx/lib/${name}`])
    .filter((path) => existsSync(join(toolsFolder, path)));
  writeWrapper(toolsFolder, 'nginx', { program: 'nginx/usr/sbin/nginx', libraries });
  return undefined;
}

export const nginx: Tool = {
  title: 'nginx',
  programs: ['nginx'],
  probe: async (find) => {
    const path = find('nginx');
    if (path === undefined) return 'nginx was not found';
    // It says its version on the other output; both are joined.
    const { stdout, problem } = run('sh', ['-c', '"$0" -v 2>&1', path], { timeoutMs: probeTimeoutMs });
    if (problem !== undefined) return `${problem} (${stdout.trim().slice(0, 100)})`;
    const [, major = '0', minor = '0'] = /nginx\/(\d+)\.(\d+)\./.exec(stdout) ?? [];
    const isNew = Number(major) > 1 || (Number(major) === 1 && Number(minor) >= minorMin);
    return isNew ? undefined : `${path} is too old or says no version: "${stdout.trim().slice(0, 60)}", version 1.${minorMin} is needed`;
  },
  ways: [{ name: 'unpacked from Debian packages', install: unpackNginx }],
  advice: `install nginx 1.${minorMin} or newer (Debian, Ubuntu: sudo apt-get install nginx-light; Fedora: sudo dnf install nginx; macOS: brew install nginx)`,
};
