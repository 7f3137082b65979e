import type { Paint } from '../../output.ts';
import type { Cause, Diagnosis } from './diagnose.ts';

const indentation = '   ';

/** Causes in order, each with what was seen and what to type; then what could not be looked at. One line when all is well. */
export function renderDoctor({ state, healthy, causes, looked, couldNotLook }: Diagnosis, paint: Paint, columns?: number): string {
  if (state === 'stopped' && causes.length === 0)
    return `${paint.green('stopped')} on purpose, nothing is wrong; start it: npx sanctum-ops up`;
  const blocks = causes.map((cause, index) => block(cause, index, paint, columns));
  const blind = couldNotLook
    .flatMap(({ name, reason }) => wrap(`could not look at ${name}: ${reason}`, '', columns))
    .map((line, index) => (index === 0 ? paint.yellow(line) : line));
  const end = healthy
    ? `${paint.green('healthy')}: ${looked.join(', ')}`
    : looked.length === 0 && couldNotLook.length === 0
      ? 'there was nothing to look at'
      : wrap(`looked at: ${looked.join(', ')}`, '', columns).join('\n');
  return [...blocks, ...(blind.length === 0 ? [] : [blind.join('\n')]), end].join('\n\n');
}

function block(cause: Cause, index: number, paint: Paint, columns: number | undefined): string {
  const does = cause.cures.flatMap((line) => wrap(line, `${indentation}      `, columns));
  return [
    `${paint.bold(`${index + 1}. ${cause.title}`)}  ${paint.dim(`${Math.round(cause.confidence * 100)} % sure`)}`,
    ...cause.evidence.flatMap((line) => wrap(line, indentation, columns)),
    // Never wrapped: it is copied as it stands.
    `${indentation}${paint.cyan('next')}  ${cause.next}`,
    ...(does.length === 0 ? [] : [`${indentation}${paint.dim('does')}  ${does.join('\n').trimStart()}`]),
    `${indentation}${paint.dim(`page  ${cause.runbook}`)}`,
  ].join('\n');
}

/** Breaks a line at spaces for a terminal; a pipe gets it whole. */
function wrap(text: string, indent: string, columns: number | undefined): string[] {
  if (columns === undefined) return [`${indent}${text}`];
  const width = Math.max(20, columns - indent.length - 1);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(`${indent}${line}`);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, `${indent}${line}`];
}
