/** Runs one command on the machine in the folder: in its own mounts and its own processes, all of which end with it. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { logTail } from '@sanctum/platform/local/log-tail';
import { userName } from './build-machine.ts';
import { outerProgram } from './outer-program.ts';

/** The ordinary user first. */
export const accounts = ['user', 'root'] as const;
export type Account = (typeof accounts)[number];

const timeoutMs = 5_400_000;
const lastLinesMax = 60;
/** How packages are reached from here; nothing else of this environment is known there. */
const networkVariables = /^(?:https?_proxy|no_proxy|node_extra_ca_certs|ssl_cert_(?:file|dir)|npm_config_registry)$/i;

export const homeOf = (account: Account): string => (account === 'root' ? 'root' : `home/${userName}`);

/** First what a kernel and an init would have done, then the command as its user. */
const inside = `
set -e
mount --types proc proc "$MACHINE/proc"
mount --rbind /sys "$MACHINE/sys"
mount --rbind /dev "$MACHINE/dev"
mount --types tmpfs --options mode=1777 tmpfs "$MACHINE/dev/shm"
exec chroot --userspec="$MACHINE_USER:$MACHINE_USER" "$MACHINE" /usr/bin/env --ignore-environment "$@"`;

export interface Ended {
  readonly exitCode: number;
  readonly durationMs: number;
  readonly lastLines: string;
}

export async function runInside(folder: string, account: Account, command: string, logFile: string): Promise<Ended> {
  const home = `/${homeOf(account)}`;
  const user = account === 'root' ? 'root' : userName;
  const network = Object.entries(process.env).filter(([name]) => networkVariables.test(name));
  const environment = {
    HOME: home,
    USER: user,
    LANG: 'C.UTF-8',
    TERM: 'dumb',
    PATH: account === 'root' ? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' : '/usr/local/bin:/usr/bin:/bin',
    // A tool that could not be had is a failure here, never a skipped test.
    CI: 'true',
    ...Object.fromEntries(network),
  };
  const words = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w');
  const startedAt = performance.now();
  try {
    // The shell stays, as the first process: it collects those whose parents ended before them.
    const unshare = ['--mount', '--pid', '--fork', '--kill-child', '/bin/sh', '-c', inside, 'sh', ...words];
    const child = spawn(
      outerProgram('unshare') ?? 'unshare',
      [...unshare, '/bin/bash', '-c', `cd ${home}/sanctum && ${command}; exit $?`],
      {
        stdio: ['ignore', log, log],
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', MACHINE: folder, MACHINE_USER: user },
        timeout: timeoutMs,
      },
    );
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
    return { exitCode, durationMs: performance.now() - startedAt, lastLines: logTail(logFile, { linesMax: lastLinesMax }).join('\n') };
  } finally {
    closeSync(log);
  }
}
