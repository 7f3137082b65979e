import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { LocalError, systemErrorCode } from './local-error.ts';
import type { OperatingUser } from './processes.ts';

const candidates = ['postgres', 'nobody'] as const;
const lookTimeoutMs = 5_000;

/**
 * The user PostgreSQL runs as. PostgreSQL refuses root, so root borrows `postgres` or `nobody`;
 * anyone else runs it as themselves (undefined).
 * @throws LocalError LOCAL_USER_MISSING when root has nobody to borrow.
 */
export function serverUser(): OperatingUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of candidates) {
    const user = lookUp(name);
    if (user !== undefined && user.uid !== 0) return user;
  }
  throw new LocalError('LOCAL_USER_MISSING', 'PostgreSQL refuses to run as root, and neither the user postgres nor nobody exists', {
    fix: 'add one with: useradd --system --no-create-home postgres; or run as an ordinary user',
  });
}

function lookUp(name: string): OperatingUser | undefined {
  return fromPasswd(name) ?? fromId(name);
}

function fromPasswd(name: string): OperatingUser | undefined {
  try {
    for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
      const [entry, , uid, gid] = line.split(':');
      if (entry === name) return { name, uid: Number(uid), gid: Number(gid) };
    }
    return undefined;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

// Users of macOS and of directory services do not stand in /etc/passwd.
function fromId(name: string): OperatingUser | undefined {
  const uid = spawnSync('id', ['-u', name], { encoding: 'utf8', timeout: lookTimeoutMs });
  const gid = spawnSync('id', ['-g', name], { encoding: 'utf8', timeout: lookTimeoutMs });
  if (uid.status !== 0 || gid.status !== 0) return undefined;
  return { name, uid: Number(uid.stdout.trim()), gid: Number(gid.stdout.trim()) };
}

/** True when `user` may enter `folder` and execute or read what is named; asked of the system, as that user. */
export function canReach(user: OperatingUser | undefined, path: string, right: 'enter' | 'execute'): boolean {
  const test = right === 'enter' ? 'test -d "$1" && test -x "$1"' : 'test -x "$1"';
  const looked = spawnSync('/bin/sh', ['-c', test, 'sh', path], {
    timeout: lookTimeoutMs,
    cwd: '/',
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  });
  return looked.status === 0;
}
