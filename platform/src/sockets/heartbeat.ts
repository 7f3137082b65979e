/**
 * One timing wheel for all connections: one timer, and a slot of it every second. Whoever stands in the slot is asked for a sign of life, and who
 * gave none since the last round is cut off. So is, with every turn, who has taken nothing of what it was sent for too long.
 */
import type { Connection } from './connection.ts';
import { pingFrame } from './frame.ts';

export interface HeartbeatOptions {
  readonly slots: number;
  readonly slotMs: number;
  readonly lagMs: number;
  readonly onSilent: (connection: Connection) => void;
  readonly onSlow: (connection: Connection) => void;
}

export interface Heartbeat {
  add(connection: Connection): void;
  /** It does not take what it is sent, from now on. */
  watchLag(connection: Connection): void;
  remove(connection: Connection): void;
  count(): number;
  /** All there are. */
  connections(): Iterable<Connection>;
  start(): void;
  stop(): void;
}

export function createHeartbeat({ slots, slotMs, lagMs, onSilent, onSlow }: HeartbeatOptions): Heartbeat {
  const wheel = Array.from({ length: slots }, () => new Set<Connection>());
  // As many as there are connections.
  const slotOf = new Map<Connection, Set<Connection>>();
  // At most as many.
  const lagging = new Set<Connection>();
  let turn = 0;
  let timer: NodeJS.Timeout | undefined;

  function tick(): void {
    turn = (turn + 1) % slots;
    for (const connection of wheel[turn] ?? []) look(connection);
    const now = performance.now();
    for (const connection of lagging) {
      if (connection.lagging === undefined) lagging.delete(connection);
      else if (now - connection.laggingSinceMs > lagMs) onSlow(connection);
    }
  }

  function look(connection: Connection): void {
    // Who takes nothing cannot hear the question either.
    if (connection.lagging !== undefined) return;
    if (!connection.alive) onSilent(connection);
    else if (connection.isOpen) {
      connection.alive = false;
      connection.stream.write(pingFrame);
    }
  }

  return {
    add(connection) {
      // The slot that was looked at last: a whole round until it is looked at.
      const slot = wheel[turn];
      if (slot === undefined) throw new Error('the wheel has no such slot');
      slot.add(connection);
      slotOf.set(connection, slot);
    },
    watchLag: (connection) => void lagging.add(connection),
    remove(connection) {
      lagging.delete(connection);
      slotOf.get(connection)?.delete(connection);
      slotOf.delete(connection);
    },
    count: () => slotOf.size,
    connections: () => slotOf.keys(),
    start() {
      timer ??= setInterval(tick, slotMs).unref();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
    },
  };
}
