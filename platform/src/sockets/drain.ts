/** Sends everyone away in waves, each with a time to come back at, so that the instances that are left are not run over. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Connection } from './connection.ts';
import type { Hub } from './hub.ts';

export interface DrainOptions {
  readonly hub: Pick<Hub, 'sendMessage' | 'flush'>;
  readonly connections: () => Iterable<Connection>;
  /** Over which the waves are spread. */
  readonly durationMs: number;
}

const waveMs = 100;
/** Nobody comes back before this, and few at the same time. */
const returnAfterMsMin = 200;
const returnsPerMs = 2;
const returnAfterMsMost = 15_000;
const farewellMs = 1000;

/** Resolves when all have gone, or were cut off because they did not take their leave in time. */
export async function drain({ hub, connections, durationMs }: DrainOptions): Promise<void> {
  const all = shuffled([...connections()]);
  const waves = Math.max(1, Math.floor(durationMs / waveMs));
  const perWave = Math.max(1, Math.ceil(all.length / waves));
  for (let sent = 0; sent < all.length; sent += perWave) {
    sendAway(hub, all.slice(sent, sent + perWave), all.length);
    if (sent + perWave < all.length) await wait(waveMs);
  }
  const deadline = performance.now() + farewellMs;
  while (hasAny(connections()) && performance.now() < deadline) await wait(waveMs / 4);
  for (const connection of connections()) connection.terminate();
}

/** Everyone in the wave is told when to come back, by chance over a time that grows with the number of all. */
function sendAway(hub: DrainOptions['hub'], wave: readonly Connection[], all: number): void {
  const spreadMs = Math.min(returnAfterMsMost, Math.ceil(all / returnsPerMs));
  for (const connection of wave)
    hub.sendMessage(connection, { type: 'reconnect', afterMs: returnAfterMsMin + Math.round(Math.random() * spreadMs) });
  // What waits goes out before the farewell.
  hub.flush();
  for (const connection of wave) connection.closeAs('restart');
}

function hasAny(connections: Iterable<Connection>): boolean {
  for (const _connection of connections) return true;
  return false;
}

function shuffled(list: Connection[]): Connection[] {
  for (let last = list.length - 1; last > 0; last -= 1) {
    const chosen = Math.floor(Math.random() * (last + 1));
    const [one, other] = [list[last], list[chosen]];
    if (one !== undefined && other !== undefined) [list[last], list[chosen]] = [other, one];
  }
  return list;
}
