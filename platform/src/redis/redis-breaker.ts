/**
 * Keeps a Redis that is away or stalled from costing anything.
 *
 * closed: commands pass; at most `commandsInFlightMax` at a time, the rest fails at once. Three failures in a row open it.
 * open: every command fails at once. No caller is made to try: a probe of our own does, every half second, and its first
 * success closes the breaker. An answer that is an error (READONLY, OOM, WRONGTYPE) is an answer: it does not count,
 * except LOADING, MASTERDOWN and BUSY, which mean that nothing works for a while.
 */
import { circuitBreaker, ConsecutiveBreaker, type CircuitBreakerPolicy, handleWhen } from 'cockatiel';
import { StoreUnavailable } from './store.ts';

export interface RedisBreaker {
  /** Runs one command. Throws StoreUnavailable, the foreign error as its cause. */
  run<T>(command: () => Promise<T>): Promise<T>;
  isOpen(): boolean;
  close(): void;
}

export interface RedisBreakerOptions {
  /** A round trip past the breaker. */
  readonly probe: () => Promise<unknown>;
  readonly onStateChange?: (open: boolean) => void;
  /** A command was answered with READONLY: the server is a replica now. */
  readonly onReadOnly?: () => void;
}

const failuresToOpen = 3;
const probeIntervalMs = 500;
const commandsInFlightMax = 1000;

function isAnswer(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError' && !/^(LOADING|MASTERDOWN|BUSY) /.test(error.message);
}

export function createRedisBreaker(options: RedisBreakerOptions): RedisBreaker {
  const policy: CircuitBreakerPolicy = circuitBreaker(
    handleWhen((error) => !isAnswer(error)),
    {
      // Never by itself: the probe closes it.
      halfOpenAfter: Number.MAX_SAFE_INTEGER,
      breaker: new ConsecutiveBreaker(failuresToOpen),
    },
  );
  let held: { dispose(): void } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let inFlight = 0;
  let closed = false;

  function probeLater(): void {
    if (closed) return;
    timer = setTimeout(() => {
      options.probe().then(reset, probeLater);
    }, probeIntervalMs);
    timer.unref();
  }

  function reset(): void {
    held?.dispose();
    held = undefined;
    options.onStateChange?.(false);
  }

  policy.onBreak((reason) => {
    if ('isolated' in reason || held !== undefined) return;
    held = policy.isolate();
    options.onStateChange?.(true);
    probeLater();
  });

  return {
    run: async (command) => {
      if (inFlight >= commandsInFlightMax)
        throw new StoreUnavailable(new Error(`more than ${commandsInFlightMax} commands wait for Redis`));
      inFlight += 1;
      try {
        return await policy.execute(command);
      } catch (error) {
        if (error instanceof Error && error.message.startsWith('READONLY')) options.onReadOnly?.();
        throw new StoreUnavailable(error);
      } finally {
        inFlight -= 1;
      }
    },
    isOpen: () => held !== undefined,
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
