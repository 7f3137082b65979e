import type { Measure } from './measure.ts';

const digits = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));

/** A table a person reads: one line a measure. */
export function renderMeasures(measures: readonly Measure[]): string {
  const head = ['id', 'measure', 'median', '95 % interval', 'must', 'aim', 'outcome', 'note'];
  const rows = measures.map((measure) => {
    const sign = measure.better === 'more' ? '≥' : '≤';
    return [
      measure.id,
      measure.title,
      `${digits(measure.value)} ${measure.unit}`,
      `${digits(measure.low)} – ${digits(measure.high)}`,
      `${sign} ${digits(measure.must)}`,
      `${sign} ${digits(measure.aim)}`,
      measure.outcome,
      measure.note,
    ];
  });
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
