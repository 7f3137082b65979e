import { printable, printableLines } from '@sanctum/migrations/printable';
import type { ApplyEvent, ApplyResult } from '@sanctum/migrations/apply';
import { describeRelease } from '@sanctum/migrations/instances';
import type { LintResult } from '@sanctum/migrations/lint';
import type { PlanResult } from '@sanctum/migrations/plan';
import type { SignResult } from '@sanctum/migrations/sign';
import type { StatusResult } from '@sanctum/migrations/status';
import type { VerifyFinding, VerifyResult } from '@sanctum/migrations/verify';
import type { Paint } from '../../output.ts';

export function renderStatus(result: StatusResult, paint: Paint): string {
  const found = result.findings.flatMap((finding) => findingLines(finding, paint));
  if (result.migrations.every((entry) => entry.state === 'not-looked')) {
    return [...found, '', `${result.migrations.length} files; nothing is known about this database`].join('\n');
  }
  const colours = { applied: paint.green, pending: paint.yellow, running: paint.yellow, unknown: paint.red, 'not-looked': paint.dim };
  const lines = result.migrations.map((entry) => {
    const when = entry.appliedAt === null ? '' : paint.dim(`${entry.appliedAt.toISOString().slice(0, 19)}Z  ${entry.durationMs ?? 0} ms`);
    return `${colours[entry.state](entry.state.padEnd(10))} ${entry.name}  ${when}`.trimEnd();
  });
  const { applied, pending, running, unknown } = result.counts;
  const counts = `${applied} applied, ${pending} pending, ${running} running, ${unknown} unknown to this code`;
  const lock = result.lockedBy === null ? [] : [`the migration lock is held by ${result.lockedBy}`];
  return [...lines, '', counts, ...lock, ...found].join('\n');
}

export function renderFindings(result: VerifyResult, paint: Paint): string {
  const { files, signed, journal } = result.examined;
  const looked = `${files} files, ${signed} signatures, ${journal === null ? 'no journal' : `${journal} journal entries`}`;
  if (result.findings.length === 0) {
    return `${paint.green('fine')}  ${looked}; head ${result.head?.name ?? 'none'}, ${result.pending?.length ?? 'unknown'} pending`;
  }
  const lines = result.findings.flatMap((finding) => findingLines(finding, paint));
  return [
    ...lines,
    '',
    `${counted(result.findings.length, 'finding')} in ${looked}${result.blocking ? '; the platform refuses to start with this' : ''}`,
  ].join('\n');
}

function findingLines(finding: VerifyFinding, paint: Paint): string[] {
  const place = finding.file === null ? '' : `  ${printable(finding.file)}${finding.line === null ? '' : `:${finding.line}`}`;
  return [
    `${paint.red(finding.severity)}  ${paint.bold(finding.code)}${place}  ${paint.dim(finding.kind)}`,
    `  ${printable(finding.detail)}`,
    `  fix: ${printableLines(finding.fix)}`,
  ];
}

export function renderPlan({ pending, blocking }: PlanResult, paint: Paint): string {
  if (blocking.length > 0) {
    const lines = blocking.flatMap((finding) => findingLines(finding, paint));
    return [...lines, '', `"migrate up" would refuse; ${pending.length} pending`].join('\n');
  }
  if (pending.length === 0) return 'nothing is pending';
  return pending
    .map((migration) => {
      const facts = [
        migration.transaction ? 'one transaction' : 'no transaction',
        `lock timeout ${migration.lockTimeoutMs} ms`,
        `statement timeout ${migration.statementTimeoutMs} ms`,
        migration.hasDown ? 'has a way down' : undefined,
        migration.compatibility.breaksBefore === 0
          ? undefined
          : `breaks releases before ${String(migration.compatibility.breaksBefore).padStart(4, '0')}${migration.compatibility.source === 'judged' ? ' (judged: the file does not say)' : ''}`,
        ...migration.breaks.map((release) => paint.red(`"migrate up" refuses while ${describeRelease(release)} are alive`)),
        migration.destructive ? paint.red('destructive') : undefined,
      ];
      const statements = migration.statements.map((statement) => {
        const locks = statement.locks.map((lock) => `${lock.mode} on ${lock.relation}`).join(', ');
        const notes = [
          locks === '' ? undefined : paint.dim(locks),
          statement.destroys === null ? undefined : paint.red(`destroys ${statement.destroys}`),
          statement.error === null ? undefined : paint.red(statement.error),
        ];
        return `  ${String(statement.line).padStart(4)}  ${[statement.summary, ...notes.filter((note) => note !== undefined)].join('  ')}`;
      });
      return [`${paint.bold(migration.name)}  ${facts.filter((fact) => fact !== undefined).join(', ')}`, ...statements].join('\n');
    })
    .join('\n\n');
}

export function renderProgress(event: ApplyEvent, paint: Paint): string {
  switch (event.type) {
    case 'lock-wait':
      return `waiting for the migration lock${event.holder === null ? '' : `, held by process ${event.holder.pid}`}`;
    case 'started':
      return paint.dim(`[${event.position}/${event.total}] ${event.name}`);
    case 'retry':
      return `${event.name}: try ${event.attempt} after ${event.delayMs} ms (${event.reason})`;
    case 'applied':
      return `${paint.green('✓')} ${event.name}  ${event.durationMs} ms`;
    case 'recovered':
      return `${event.name}: ${event.detail}`;
    case 'adopted':
      return `${event.name}: only comments changed, the new hash is recorded`;
  }
}

export function renderApplied(result: ApplyResult, paint: Paint): string {
  const verb = result.dryRun ? 'would be applied' : 'applied';
  const list = result.applied.map((migration) => `  ${migration.name}`);
  const head = `head ${result.head?.name ?? 'none'}`;
  if (result.applied.length === 0) return `${paint.green('up to date')}  ${head}`;
  return [`${result.applied.length} ${verb}:`, ...list, head].join('\n');
}

export function renderSigned(result: SignResult): string {
  const part = (title: string, names: readonly string[]) => (names.length === 0 ? [] : [`${title}: ${names.map(printable).join(', ')}`]);
  const parts = [
    ...part('signed', result.added),
    ...part('signed again, statements changed', result.changed),
    ...part('signed again, comments changed', result.cosmetic),
    ...part('signature removed', result.removed),
  ];
  return [
    ...(parts.length === 0 ? ['nothing to sign'] : parts),
    `${result.total} files${result.dryRun ? ', nothing was written' : ''}`,
  ].join('\n');
}

export function renderLint(result: LintResult, paint: Paint): string {
  const lines = result.findings.map((finding) =>
    [
      `${paint.red(finding.severity)}  ${paint.bold(finding.rule)}  ${printable(finding.file)}:${finding.line}  ${paint.dim(finding.source)}`,
      `  ${printable(finding.statement)}`,
      `  ${printable(finding.detail)}`,
      `  fix: ${printableLines(finding.fix)}`,
    ].join('\n'),
  );
  const blind = result.notLooked.map((reason) => `${paint.yellow('could not look')}: ${printable(reason)}`);
  return [
    ...lines,
    ...blind,
    `${counted(result.findings.length, 'finding')} in ${result.examined.files} files, ${result.examined.statements} statements`,
  ].join('\n');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
