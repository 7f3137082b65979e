/**
 * Finds what the broker lost. A *gap* is seen when an event arrives before its predecessor, or an instance wakes this one: after a moment,
 * in which the predecessor usually comes by itself, the log is read for all such streams in one statement. A *lost tail* nobody sees; one
 * statement for all streams of the process compares positions every ten seconds, and at once after the broker was away.
 */
import { keyOf } from '../streams/stream.ts';
import type { StreamSlice, Streams } from '../streams/streams.ts';
import type { StreamChannel } from './connection.ts';
import { replayMax } from './joins.ts';

export interface GapsDependencies {
  readonly streams: Pick<Streams, 'readMany' | 'ahead'>;
  readonly channels: () => Iterable<StreamChannel>;
  readonly absorb: (channel: StreamChannel, slice: StreamSlice) => void;
  readonly onRead: (channels: number) => void;
  readonly onError: (error: unknown) => void;
  readonly checkEveryMs?: number;
}

export interface Gaps {
  /** Its predecessor may still come by itself. */
  suspect(channel: StreamChannel): void;
  /** The log is ahead for sure. */
  read(channels: readonly StreamChannel[]): void;
  /** Compares the positions of all streams, soon. */
  checkSoon(): void;
  start(): void;
  stop(): void;
}

const reorderMs = 30;
const checkEveryMsDefault = 10_000;
const channelsMax = 100;
/** The longest that `checkSoon` waits. */
const soonMs = 200;

export function createGaps(dependencies: GapsDependencies): Gaps {
  return new Lookout(dependencies);
}

class Lookout implements Gaps {
  readonly #deps: GapsDependencies;
  readonly #checkEveryMs: number;
  // At most as many as there are channels.
  readonly #suspects = new Set<StreamChannel>();
  readonly #behind = new Set<StreamChannel>();
  #suspectTimer: NodeJS.Timeout | undefined;
  #checkTimer: NodeJS.Timeout | undefined;
  #reading = false;
  #stopped = true;

  constructor(deps: GapsDependencies) {
    this.#deps = deps;
    this.#checkEveryMs = deps.checkEveryMs ?? checkEveryMsDefault;
  }

  suspect(channel: StreamChannel): void {
    this.#suspects.add(channel);
    this.#suspectTimer ??= setTimeout(() => this.#judgeSuspects(), reorderMs);
  }

  read(channels: readonly StreamChannel[]): void {
    for (const channel of channels) this.#behind.add(channel);
    this.#readBehind();
  }

  checkSoon(): void {
    // By chance, so that the instances that lost the same broker do not ask together.
    this.#checkIn(Math.random() * soonMs);
  }

  start(): void {
    this.#stopped = false;
    this.#checkIn(this.#checkEveryMs);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#checkTimer);
    clearTimeout(this.#suspectTimer);
  }

  #judgeSuspects(): void {
    this.#suspectTimer = undefined;
    const behind = [...this.#suspects].filter(({ hasGap }) => hasGap);
    this.#suspects.clear();
    this.read(behind);
  }

  #readBehind(): void {
    if (this.#reading || this.#behind.size === 0) return;
    this.#reading = true;
    this.#readAll()
      .catch(this.#deps.onError)
      .finally(() => {
        this.#reading = false;
      });
  }

  async #readAll(): Promise<void> {
    const { streams, absorb, onRead } = this.#deps;
    while (this.#behind.size > 0) {
      const round = [...this.#behind].slice(0, channelsMax);
      for (const channel of round) this.#behind.delete(channel);
      const live = round.filter(({ head }) => head !== undefined);
      onRead(live.length);
      const slices = await streams.readMany(
        live.map(({ stream, head }) => ({ stream, after: head ?? null })),
        replayMax,
        'newest',
      );
      for (const [index, slice] of slices.entries()) {
        const channel = live[index];
        if (channel !== undefined) absorb(channel, slice);
      }
    }
  }

  async #check(): Promise<void> {
    const live = [...this.#deps.channels()].filter(({ head }) => head !== undefined);
    const ahead = await this.#deps.streams.ahead(live.map(({ stream, head }) => ({ stream, position: head ?? 0 })));
    const keys = new Set<string>(ahead.map(keyOf));
    this.read(live.filter(({ key }) => keys.has(key)));
  }

  #checkIn(delayMs: number): void {
    clearTimeout(this.#checkTimer);
    if (this.#stopped) return;
    this.#checkTimer = setTimeout(() => {
      this.#check()
        .catch(this.#deps.onError)
        .finally(() => this.#checkIn(this.#checkEveryMs));
    }, delayMs);
    this.#checkTimer.unref();
  }
}
