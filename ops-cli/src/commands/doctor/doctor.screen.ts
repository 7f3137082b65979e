import type { Paint } from '../../output.ts';
import type { Diagnosis } from './doctor.handler.ts';

/** Causes in order, each with what was seen and what to type; then what could not be looked at. */
export function renderDoctor({ healthy, causes, looked, couldNotLook }: Diagnosis, paint: Paint): string {
  const blocks = causes.map((cause, index) =>
    [
      `${paint.bold(`${index + 1}. ${cause.title}`)}  ${paint.dim(`${Math.round(cause.confidence * 100)} % sure`)}`,
      ...cause.evidence.map((line) => `   ${line}`),
      `   ${paint.cyan('next')}  ${cause.next}`,
      `   ${paint.dim(`page  ${cause.runbook}`)}`,
    ].join('\n'),
  );
  const blind = couldNotLook.map(({ name, reason }) => `${paint.yellow('could not look')} at ${name}: ${reason}`);
  const end = healthy
    ? `${paint.green('healthy')}: ${looked.join(', ')}`
    : looked.length === 0 && couldNotLook.length === 0
      ? 'there was nothing to look at'
      : `looked at: ${looked.join(', ')}`;
  return [...blocks, ...(blind.length === 0 ? [] : [blind.join('\n')]), end].join('\n\n');
}
