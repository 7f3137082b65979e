import { rmSync } from 'node:fs';
import { readJsonObject, writeJson } from '@sanctum/platform/local/json-file';
import type { StackHome } from './home.ts';
import { StepFailed } from '../steps/steps.ts';

export interface LastFailure {
  readonly at: string;
  readonly port: number;
  readonly step: string;
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** Keeps what a failed start said, so that doctor can repeat it. */
export function rememberFailure(home: StackHome, port: number, error: unknown): void {
  if (!(error instanceof StepFailed)) return;
  const { step, code, fix } = error;
  const message = error.cause instanceof Error ? error.cause.message : error.message;
  writeJson(home.failureFile, { at: new Date().toISOString(), port, step, code, message, fix } satisfies LastFailure);
}

export function forgetFailure(home: StackHome): void {
  rmSync(home.failureFile, { force: true });
}

export function lastFailure(home: StackHome): LastFailure | undefined {
  const { at, port, step, code, message, fix } = readJsonObject(home.failureFile) ?? {};
  const isComplete =
    typeof at === 'string' &&
    typeof port === 'number' &&
    typeof step === 'string' &&
    typeof code === 'string' &&
    typeof message === 'string' &&
    typeof fix === 'string';
  return isComplete ? { at, port, step, code, message, fix } : undefined;
}
