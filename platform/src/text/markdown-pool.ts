/**
 * Renders written text on threads of its own, so that no text holds up the requests of others. A text that takes longer
 * than its deadline ends with its thread; the queue is bounded, and who does not fit is told to come back.
 */
import { availableParallelism } from 'node:os';
import type { Piscina } from 'piscina';
import { AppError } from '../errors.ts';
import type { Markdown } from './markdown.ts';
import type { RenderTask } from './markdown-worker.ts';

export type RenderOutcome = 'rendered' | 'too-costly' | 'busy';

export interface MarkdownPool extends Markdown {
  /**
   * Throws `text.too_costly` when the text itself took too long or too much memory, `server.busy` when it did not get its turn.
   * @see Markdown.render
   */
  readonly render: Markdown['render'];
  close(): Promise<void>;
}

export interface MarkdownPoolOptions {
  /** From being handed over to being rendered. Texts within our limits take some 100 ms of processor time at the worst. */
  readonly deadlineMs?: number;
  /** Texts that may wait. */
  readonly queueMax?: number;
  readonly onRender?: (outcome: RenderOutcome) => void;
  /** The module that renders; another one in tests. */
  readonly worker?: URL;
}

const threadsMax = Math.max(1, Math.min(2, availableParallelism() - 1));
const heapMegabytesMax = 128;
/** Readers come first: a thread that renders gives way to those that answer. */
const nice = 5;

/** The threads start with the first text, and their library is loaded with it. */
export function createMarkdownPool({
  deadlineMs = 8000,
  queueMax = 32,
  onRender,
  worker = new URL('markdown-worker.ts', import.meta.url),
}: MarkdownPoolOptions = {}): MarkdownPool {
  let opened: Promise<Piscina<RenderTask, string>> | undefined;

  async function open(): Promise<Piscina<RenderTask, string>> {
    const { Piscina } = await import('piscina');
    return new Piscina<RenderTask, string>({
      filename: worker.href,
      minThreads: 0,
      maxThreads: threadsMax,
      idleTimeout: Number.POSITIVE_INFINITY,
      maxQueue: queueMax,
      niceIncrement: nice,
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
    });
  }

  function judge(error: unknown, begun: SharedArrayBuffer): unknown {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_WORKER_OUT_OF_MEMORY') return new AppError('text.too_costly', { cause: error });
    if (error instanceof Error && error.message === 'Task queue is at limit') return busy(error);
    if (!(error instanceof Error) || error.name !== 'AbortError') return error;
    return Atomics.load(new Int32Array(begun), 0) === 1 ? new AppError('text.too_costly', { cause: error }) : busy(error);
  }

  return {
    async render(source, htmlBytesMax) {
      if (source.trim() === '') return '';
      const begun = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
      try {
        opened ??= open();
        const pool = await opened;
        const html = await pool.run({ source, htmlBytesMax, begun }, { signal: AbortSignal.timeout(deadlineMs) });
        onRender?.('rendered');
        return html;
      } catch (error) {
        const judged = judge(error, begun);
        if (judged instanceof AppError) onRender?.(judged.code === 'text.too_costly' ? 'too-costly' : 'busy');
        throw judged;
      }
    },
    close: async () => {
      await (await opened)?.destroy();
    },
  };
}

function busy(cause: unknown): AppError {
  return new AppError('server.busy', { cause, retryAfterSeconds: 2 });
}
