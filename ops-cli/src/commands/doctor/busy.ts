import type { PlatformSight } from './probes/platform.ts';

const busyShare = 0.6;

/** It computes: what is late is late because of work, not because something stands still. */
export function isBusy({ cpuShare }: PlatformSight): boolean {
  return cpuShare !== undefined && cpuShare >= busyShare;
}
