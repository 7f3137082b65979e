import type { Paint } from '../../output.ts';
import type { LoadedCheck } from './checks.document.ts';

/** One line per check; on a terminal that is too narrow for it, what a check needs is left to `checks explain`. */
export function renderCheckList(checks: readonly LoadedCheck[], paint: Paint, columns: number | undefined): string {
  const idWidth = Math.max(...checks.map((check) => check.id.length));
  const titleWidth = Math.max(...checks.map((check) => check.title.length));
  const rows = checks.map((check) => ({
    head: [check.severity.padEnd(8), check.id.padEnd(idWidth), check.title.padEnd(titleWidth)].join('  '),
    tail: `needs ${check.needs.join(', ')}; ${check.requirements.join(', ')}`,
  }));
  const hasRoom = columns === undefined || rows.every(({ head, tail }) => head.length + 2 + tail.length <= columns);
  const lines = rows.map(({ head, tail }) => (hasRoom ? `${head}  ${paint.dim(tail)}` : head.trimEnd()));
  return [...lines, '', `${checks.length} checks. The page of one: npx sanctum-ops checks explain <id>`].join('\n');
}

export function renderCheck(check: LoadedCheck, page: string, paint: Paint): string {
  const head = `${paint.bold(check.id)}  ${check.severity}, ${check.area}, needs ${check.needs.join(', ')}, evidence for ${check.requirements.join(', ')}`;
  return `${head}\n\n${page.trimEnd()}`;
}
