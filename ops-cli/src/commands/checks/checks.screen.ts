import type { Paint } from '../../output.ts';
import type { LoadedCheck } from './checks.handler.ts';

export function renderCheckList(checks: readonly LoadedCheck[], paint: Paint): string {
  const width = Math.max(...checks.map((check) => check.id.length));
  const lines = checks.map((check) => {
    const facts = [check.severity.padEnd(8), check.id.padEnd(width), check.title];
    return `${facts.join('  ')}  ${paint.dim(`needs ${check.needs.join(', ')}; ${check.requirements.join(', ')}`)}`;
  });
  return [...lines, '', `${checks.length} checks. The page of one: npx sanctum-ops checks explain <id>`].join('\n');
}

export function renderCheck(check: LoadedCheck, page: string, paint: Paint): string {
  const head = `${paint.bold(check.id)}  ${check.severity}, ${check.area}, needs ${check.needs.join(', ')}, evidence for ${check.requirements.join(', ')}`;
  return `${head}\n\n${page.trimEnd()}`;
}
