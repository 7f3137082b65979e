/**
 * Refuses new work while the process cannot keep up, so that work under way still finishes. Two signs: the event
 * loop runs late, or as many requests wait for a connection as may. The waiters of one kind of query are a part of those: a kind
 * that is full refuses its own requests (db/bulkheads.ts), and only when all are full is everything refused here.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { PoolState } from '../../db/pool.ts';

export type OverloadReason = 'event-loop' | 'pool';

export interface LoadSheddingOptions {
  readonly eventLoopDelayMaxMs: number;
  readonly pool: () => Pick<PoolState, 'waiting'>;
  /** Waiters from which new requests are refused. */
  readonly waitersMax: number;
}

export interface EventLoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface LoadShedding {
  reason(): OverloadReason | undefined;
  /** Over the last sample. */
  eventLoopDelay(): EventLoopDelay;
  stop(): void;
}

const sampleMs = 250;
const resolutionMs = 10;
const nanosecondsPerMs = 1e6;

export function createLoadShedding(options: LoadSheddingOptions): LoadShedding {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  let delay: EventLoopDelay = { p50Ms: 0, p99Ms: 0, maxMs: 0 };
  const timer = setInterval(() => {
    delay = read(histogram);
    histogram.reset();
  }, sampleMs);
  timer.unref();
  return {
    reason: () => {
      // The median: one long task is a pause, a late loop is overload.
      if (delay.p50Ms > options.eventLoopDelayMaxMs) return 'event-loop';
      return options.pool().waiting >= options.waitersMax ? 'pool' : undefined;
    },
    eventLoopDelay: () => delay,
    stop: () => {
      clearInterval(timer);
      histogram.disable();
    },
  };
}

function read(histogram: ReturnType<typeof monitorEventLoopDelay>): EventLoopDelay {
  if (histogram.count === 0) return { p50Ms: 0, p99Ms: 0, maxMs: 0 };
  // The histogram holds the distance between two ticks of its own timer: its resolution is part of it.
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / nanosecondsPerMs - resolutionMs);
  return { p50Ms: late(histogram.percentile(50)), p99Ms: late(histogram.percentile(99)), maxMs: late(histogram.max) };
}
