/**
 * Who is here. A person is here while any instance holds a connection of theirs; the store alone knows it, nothing is written to the database.
 *
 * An instance holds each of its people for `heldSeconds` and again every `renewMs`. The last connection here gives its hold up at once; an
 * instance that dies gives up nothing, and its people are gone when their holds are over. A store that was emptied knows everyone again with
 * the next renewal. While the store is away nobody knows who is here, and that is said.
 */
import { setImmediate } from 'node:timers/promises';
import { presenceKey } from '../redis/keys.ts';
import type { Store } from '../redis/store.ts';

/** "unknown": the store is away, or the person does not show it to this reader. The two are not told apart. */
export type PresenceState = 'online' | 'offline' | 'unknown';

/** People whose states one call tells. */
export const presenceAskedMax = 200;

const heldSeconds = presenceKey.ttlSeconds ?? 0;
const renewMsDefault = 15_000;
/** Keys of one round trip. */
const keysPerCommand = 500;

export interface PresenceDependencies {
  readonly store: Pick<Store, 'hold' | 'release' | 'areHeld'>;
  /** This process, among all that share the store. */
  readonly instance: string;
  /** Those of the people who show the reader whether they are here. */
  readonly shownTo: (readerId: string, userIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** A hold could not be written or given up: it is renewed, or over by itself. */
  readonly onError: (error: unknown) => void;
  readonly renewMs?: number;
}

export interface Presence {
  /** A connection of this person opened here. Never throws and never waits. */
  connected(userId: string): void;
  /** One that was told by `connected` closed. */
  disconnected(userId: string): void;
  /** One round trip to the store for all, and one statement. At most 200 people. */
  statesOf(userIds: readonly string[], readerId: string): Promise<ReadonlyMap<string, PresenceState>>;
  start(): void;
  /** Gives up what this instance holds. */
  close(): Promise<void>;
}

export function createPresence({ store, instance, shownTo, onError, renewMs = renewMsDefault }: PresenceDependencies): Presence {
  /** Connections of each person in this process; bounded by the connections that the hub accepts. */
  const here = new Map<string, number>();
  /** Whose state the store has to be told: those who came or left since, and at a renewal everyone who is here. */
  const untold = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let telling: Promise<void> | undefined;

  /** One slice after the other, so that a hold never overtakes the release that came after it, and a crowd is a few commands. */
  async function tellStore(): Promise<void> {
    await setImmediate();
    while (untold.size > 0) {
      const slice = [...untold.values().take(keysPerCommand)];
      for (const userId of slice) untold.delete(userId);
      const keysOf = (isHere: boolean) => slice.filter((userId) => here.has(userId) === isHere).map((userId) => presenceKey.build(userId));
      const [held, left] = [keysOf(true), keysOf(false)];
      try {
        await store.hold(held, instance, heldSeconds);
        await store.release(left, instance);
      } catch (error) {
        onError(error);
      }
    }
  }

  function tell(userIds: Iterable<string>): void {
    for (const userId of userIds) untold.add(userId);
    telling ??= tellStore().finally(() => (telling = undefined));
  }

  return {
    connected(userId) {
      const connections = here.get(userId) ?? 0;
      here.set(userId, connections + 1);
      if (connections === 0) tell([userId]);
    },

    disconnected(userId) {
      const connections = here.get(userId) ?? 0;
      if (connections > 1) here.set(userId, connections - 1);
      else if (here.delete(userId)) tell([userId]);
    },

    async statesOf(userIds, readerId) {
      if (userIds.length > presenceAskedMax) throw new RangeError(`at most ${presenceAskedMax} people at once, not ${userIds.length}`);
      const keys = userIds.map((userId) => presenceKey.build(userId));
      const [shown, held] = await Promise.all([shownTo(readerId, userIds), store.areHeld(keys).catch(() => undefined)]);
      const stateOf = (userId: string, index: number): PresenceState =>
        held === undefined || !shown.has(userId) ? 'unknown' : held[index] === true ? 'online' : 'offline';
      return new Map(userIds.map((userId, index) => [userId, stateOf(userId, index)]));
    },

    start() {
      timer ??= setInterval(() => tell(here.keys()), renewMs).unref();
    },

    async close() {
      clearInterval(timer);
      const people = [...here.keys()];
      here.clear();
      tell(people);
      await telling;
    },
  };
}
