import type { Sight } from './sight.ts';

/**
 * Whether the local stack is meant to rest. `down` takes the run file away and stops all parts; a part that ended by
 * itself, or a machine that was switched off, leaves it behind.
 */
export function isStopped({ isLocal, machine, postgres, platform }: Sight): 'on purpose' | undefined {
  if (!isLocal || machine === undefined || !machine.isHomeThere || machine.lock !== undefined || platform !== undefined) return undefined;
  const rests = postgres === undefined || postgres.state === 'stopped' || postgres.state === 'absent';
  return rests && machine.lastFailure === undefined && machine.unreadable.length === 0 && machine.lockedCluster === undefined
    ? 'on purpose'
    : undefined;
}
