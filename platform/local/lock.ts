import { mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { LocalError, systemErrorCode } from './local-error.ts';
import { identify, isSameProcess, waitFor } from './processes.ts';
import type { ProcessIdentity } from './processes.ts';

const defaultWaitMs = 30_000;

export interface LockOwner extends ProcessIdentity {
  readonly purpose: string;
}

/** Who holds the lock at `path`: a living process, or undefined (free, or left behind by a dead one). */
export function lockOwner(path: string): LockOwner | undefined {
  const owner = readOwner(path);
  return owner !== undefined && isSameProcess(owner) ? owner : undefined;
}

// A lock is a symbolic link whose target names its owner: symlink(2) makes it in one step or fails
// because it exists, and unlike a file it can be made on a full disk, so that a stack can be stopped there.
function readOwner(path: string): LockOwner | undefined {
  let target: string;
  try {
    target = readlinkSync(path);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'EINVAL') return undefined;
    throw error;
  }
  const [pid, startedAt, purpose] = target.split('|');
  return startedAt === undefined ? undefined : { pid: Number(pid), startedAt, purpose: purpose ?? 'unknown work' };
}

/**
 * Takes the lock at `path` for this process. A lock whose owner died is taken over; one whose owner
 * lives is waited for up to `waitMs`.
 * @returns the function that gives it back; calling it twice is harmless.
 * @throws LocalError LOCAL_LOCK_HELD naming the owner.
 */
export async function acquireLock(
  path: string,
  options: { purpose: string; waitMs?: number; signal?: AbortSignal | undefined },
): Promise<() => void> {
  mkdirSync(dirname(path), { recursive: true });
  const me = identify(process.pid);
  if (me === undefined) throw new Error('this process cannot identify itself');
  const target = `${me.pid}|${me.startedAt}|${options.purpose}`;
  const taken = await waitFor(() => (tryTake(target, path) ? true : undefined), {
    timeoutMs: options.waitMs ?? defaultWaitMs,
    signal: options.signal,
  });
  if (taken === undefined) throw lockHeld(path, lockOwner(path));
  return () => {
    const owner = readOwner(path);
    if (owner?.pid === me.pid && owner.startedAt === me.startedAt) rmSync(path, { force: true });
  };
}

/** Runs `work` while this process holds the lock at `path`. */
export async function withLock<T>(path: string, purpose: string, work: () => Promise<T>): Promise<T> {
  const release = await acquireLock(path, { purpose });
  try {
    return await work();
  } finally {
    release();
  }
}

function tryTake(target: string, path: string): boolean {
  try {
    symlinkSync(target, path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error;
  }
  if (lockOwner(path) === undefined) removeStale(path);
  return false;
}

// Renaming first makes sure that only one of several waiters removes it, and that a lock taken
// in between is put back instead of being thrown away.
function removeStale(path: string): void {
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return;
    throw error;
  }
  if (lockOwner(aside) !== undefined) renameSync(aside, path);
  else rmSync(aside, { force: true });
}

function lockHeld(path: string, owner: LockOwner | undefined): LocalError {
  const who = owner === undefined ? 'another process' : `process ${owner.pid} (${owner.purpose})`;
  return new LocalError('LOCAL_LOCK_HELD', `${who} holds ${path}`, {
    fix: owner === undefined ? 'try again' : `wait until it is done, or end it with: kill ${owner.pid}`,
  });
}
