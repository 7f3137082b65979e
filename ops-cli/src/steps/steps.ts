import type { Output } from '../output.ts';

/** One named step; its result is the detail shown behind the name. Undefined says that there was nothing to do. */
export interface Step {
  readonly name: string;
  readonly run: () => Promise<string | undefined>;
}

export interface StepRecord {
  readonly name: string;
  readonly durationMs: number;
  readonly detail?: string;
}

const nameWidth = 14;

/** Wraps the error of a step, so that whoever reports it can name the step; the cause holds code and fix. */
export class StepFailed extends Error {
  readonly step: string;
  readonly code: string;
  readonly fix: string;
  readonly logTail: readonly string[];

  constructor(step: string, cause: unknown) {
    const explained = cause as Partial<{ code: string; fix: string; logTail: readonly string[] }>;
    super(`the step "${step}" failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'StepFailed';
    this.step = step;
    this.code = typeof explained.code === 'string' ? explained.code : 'STEP_FAILED';
    this.fix = typeof explained.fix === 'string' ? explained.fix : 'see the lines above';
    this.logTail = Array.isArray(explained.logTail) ? explained.logTail : [];
  }
}

/**
 * Runs steps one after the other, printing each with its time on stderr; stops at the first that fails.
 * @throws StepFailed, or the signal's reason when interrupted between steps.
 */
export async function runSteps(steps: readonly Step[], output: Output, signal: AbortSignal): Promise<StepRecord[]> {
  const { green, red, dim } = output.paintProgress;
  const records: StepRecord[] = [];
  for (const step of steps) {
    signal.throwIfAborted();
    const startedAt = performance.now();
    output.redraw(`· ${step.name} …`);
    try {
      const detail = await step.run();
      const durationMs = Math.round(performance.now() - startedAt);
      records.push({ name: step.name, durationMs, ...(detail === undefined ? {} : { detail }) });
      output.progress(`${green('✓')} ${step.name.padEnd(nameWidth)} ${dim(seconds(durationMs).padStart(7))}  ${detail ?? ''}`.trimEnd());
    } catch (cause) {
      signal.throwIfAborted();
      output.problem(`${red('✗')} ${step.name.padEnd(nameWidth)} ${dim(seconds(performance.now() - startedAt).padStart(7))}`);
      throw new StepFailed(step.name, cause);
    }
  }
  return records;
}

export function seconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(2)} s`;
}
