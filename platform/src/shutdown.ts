/**
 * Ending without breaking anything. In order: not ready → time for load balancers to notice → no new connections →
 * connections that fall idle are closed as they do, every 100 ms, because a keep-alive connection would hold the close
 * for its whole idle time → requests under way finish → stores → exit. A second signal or the hard limit ends it at once.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { leaveProcess } from './leave-process.ts';
import type { Logger } from './telemetry/logging.ts';

export interface ShutdownDependencies {
  readonly app: FastifyInstance;
  readonly logger: Logger;
  readonly propagationMs: number;
  /** From the signal to the exit, whatever hangs. */
  readonly timeoutMs: number;
  /** Readiness goes off here. */
  readonly onStart: () => void;
  /** Jobs, stores, pools; after the last request. */
  readonly close: () => Promise<void>;
  readonly exit?: (code: number) => void;
}

export interface Shutdown {
  /** Ends on SIGTERM and SIGINT. */
  listen(): void;
  run(reason: string): Promise<void>;
}

const idleSweepMs = 100;
const exitInterrupted = 130;

export function createShutdown(options: ShutdownDependencies): Shutdown {
  const { app, logger } = options;
  const exit = options.exit ?? leaveProcess;
  let running: Promise<void> | undefined;

  async function drain(): Promise<void> {
    options.onStart();
    await wait(options.propagationMs);
    const sweep = setInterval(() => app.server.closeIdleConnections(), idleSweepMs);
    try {
      await app.close();
    } finally {
      clearInterval(sweep);
    }
    await options.close();
  }

  function run(reason: string): Promise<void> {
    running ??= runOnce(reason);
    return running;
  }

  async function runOnce(reason: string): Promise<void> {
    const started = performance.now();
    logger.info({ reason }, 'shutting down');
    const hardLimit = setTimeout(() => {
      logger.error({ limit_ms: options.timeoutMs }, 'the shutdown took too long; connections are cut');
      app.server.closeAllConnections();
      exit(1);
    }, options.timeoutMs);
    hardLimit.unref();
    try {
      await drain();
      clearTimeout(hardLimit);
      logger.info({ duration_ms: Math.round(performance.now() - started) }, 'shut down');
      exit(0);
    } catch (error) {
      logger.error({ error }, 'the shutdown failed');
      exit(1);
    }
  }

  return {
    run,
    listen: () => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) {
        process.on(signal, () => {
          if (running !== undefined) exit(exitInterrupted);
          else
            run(signal).catch((error: unknown) => {
              logger.error({ error }, 'the shutdown could not begin');
              exit(1);
            });
        });
      }
    },
  };
}
