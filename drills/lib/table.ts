/** Lines of cells as columns, the first line being the head. */
export function renderTable(lines: readonly (readonly (string | number)[])[]): string {
  const rows = lines.map((line) => line.map(String));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [head, ...body] = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [head ?? '', widths.map((width) => '─'.repeat(width)).join('  '), ...body].join('\n');
}

/** Progress for the person who watches; the result alone stands on stdout. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
