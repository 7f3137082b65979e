import { printable } from '@sanctum/migrations/printable';
import type { Paint } from '../../output.ts';
import type { SqlAnswer, SqlDocument } from './sql.document.ts';

const cellCharactersMax = 120;

export function renderAnswer({ answers }: SqlDocument, paint: Paint): string {
  return answers.map((answer) => renderOne(answer, paint)).join('\n');
}

function renderOne({ command, columns, rows, hasMore }: SqlAnswer, paint: Paint): string {
  if (columns.length === 0) return command;
  const cells = rows.map((row) => row.map(cell));
  const names = columns.map((name) => cell(name));
  const widths = names.map((name, index) => Math.max(name.length, ...cells.map((row) => row[index]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd();
  const count = `${rows.length}${hasMore ? '+' : ''} ${rows.length === 1 ? 'row' : 'rows'}`;
  return [paint.bold(line(names)), ...cells.map(line), paint.dim(hasMore ? `${count}: the rest is not shown, ask for less` : count)].join(
    '\n',
  );
}

/** One line, without anything a terminal would obey. */
function cell(value: string | null): string {
  const text = printable(value ?? '∅');
  return text.length > cellCharactersMax ? `${text.slice(0, cellCharactersMax - 1)}…` : text;
}
