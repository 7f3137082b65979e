import { directiveHelp } from './directives.ts';
import type { LintStatement } from './lint-statement.ts';
import type { LintText } from './lint-text.ts';
import { constantsIn, createdNames } from './lint-nodes.ts';
import { locksOf } from './lock-modes.ts';
import { namesOf, plainName, quoted } from './nodes.ts';
import type { RelationLock } from './lock-modes.ts';
import type { RuleHit } from './lint-rule.ts';

export const lockTimeoutMsMax = 10_000;
const heavy = new Set(['UpdateStmt', 'DeleteStmt', 'InsertStmt', 'IndexStmt', 'MergeStmt', 'RefreshMatViewStmt']);

/** Rules about a file as a whole: its header, and the locks that its statements hold together. */
export function fileFindings(text: LintText): RuleHit[] {
  const first = text.statements[0];
  if (first === undefined) return [];
  return [...headerFindings(text, first), ...lockWindow(text), ...usedEnumValues(text), ...unseenBodies(text)];
}

function headerFindings({ directives, statements }: LintText, first: LintStatement): RuleHit[] {
  const hits: RuleHit[] = directives.unknown.map((entry) => ({
    rule: 'unknown-directive',
    severity: 'high',
    line: entry.line,
    statement: first,
    detail: `The directive is not understood or stands below the first statement: ${entry.text}`,
    fix: directiveHelp,
  }));
  const own = statements.filter((statement) => statement.within === 'file');
  const second = own[1];
  if (directives.noTransaction && second !== undefined) {
    hits.push({
      rule: 'several-statements-without-transaction',
      severity: 'high',
      line: second.line,
      statement: second,
      detail:
        'Without a transaction, a failure between two statements leaves the first one done and unrecorded: the runner refuses the file.',
      fix: 'Put each statement into a migration of its own.',
    });
  }
  const lockMs = directives.lockTimeoutMs;
  if (!directives.noTransaction && lockMs !== null && (lockMs > lockTimeoutMsMax || lockMs === 0)) {
    hits.push({
      rule: 'long-lock-timeout',
      severity: 'high',
      line: 1,
      statement: first,
      detail: `The migration may wait ${lockMs === 0 ? 'for ever' : `${lockMs} ms`} for a lock, and every later query on the table waits behind it.`,
      fix: `-- sanctum: lock-timeout 2s (at most ${lockTimeoutMsMax} ms; the runner tries again by itself)`,
    });
  }
  return hits;
}

/** Locks are kept until commit: work after a strong lock, or strong locks on several tables, stretch the outage. */
function lockWindow({ directives, statements }: LintText): RuleHit[] {
  if (directives.noTransaction) return [];
  const created = new Set<string>();
  const held = new Map<string, RelationLock>();
  const hits: RuleHit[] = [];
  for (const statement of statements) {
    if (statement.within === 'function') continue;
    for (const parsed of statement.parsed) {
      for (const name of createdNames(parsed, created)) created.add(name);
      const locks = locksOf(parsed).filter((lock) => !created.has(plainName(lock.relation)));
      const blocked = [...held.values()].find((lock) => lock.mode === 'ACCESS EXCLUSIVE');
      if (blocked !== undefined && heavy.has(parsed.type) && !isOnNew(locks, parsed.type)) hits.push(workUnderLock(statement, blocked));
      for (const lock of locks) if (lock.blocks === 'reads and writes') held.set(lock.relation, lock);
      if (held.size > 1 && locks.some((lock) => lock.blocks === 'reads and writes')) hits.push(wideWindow(statement, [...held.keys()]));
    }
  }
  return hits;
}

/** An index or rows of a table created in this file: short, and nobody else sees them. */
function isOnNew(locks: readonly RelationLock[], type: string): boolean {
  return locks.length === 0 && type !== 'RefreshMatViewStmt';
}

function workUnderLock(statement: LintStatement, lock: RelationLock): RuleHit {
  return {
    rule: 'work-under-lock',
    severity: 'high',
    line: statement.line,
    statement,
    detail: `${lock.relation} is locked ${lock.mode} by an earlier statement, so nobody reads or writes it while this one works.`,
    fix: 'Put this statement into the next migration; fill large tables by a job.',
  };
}

function wideWindow(statement: LintStatement, relations: readonly string[]): RuleHit {
  return {
    rule: 'wide-lock-window',
    severity: 'medium',
    line: statement.line,
    statement,
    detail: `${relations.join(', ')} are locked against reads and writes at once, until the file commits.`,
    fix: 'One table per migration.',
  };
}

/** A value that a transaction adds cannot be used before it commits, unless the type is as new as the value. */
function usedEnumValues({ directives, statements }: LintText): RuleHit[] {
  if (directives.noTransaction) return [];
  const types = new Set<string>();
  const added: string[] = [];
  const hits: RuleHit[] = [];
  for (const statement of statements) {
    if (statement.within === 'function') continue;
    for (const { type, node } of statement.parsed) {
      if (type === 'CreateEnumStmt') types.add(quoted(namesOf(node['typeName'])));
      if (type === 'AlterEnumStmt') {
        if (typeof node['newVal'] === 'string' && !types.has(quoted(namesOf(node['typeName'])))) added.push(node['newVal']);
        continue;
      }
      const used = added.length === 0 ? undefined : constantsIn(node).find((constant) => added.includes(constant));
      if (used !== undefined && type !== 'CommentStmt') hits.push(valueUsed(statement));
    }
  }
  return hits;
}

function valueUsed(statement: LintStatement): RuleHit {
  return {
    rule: 'enum-value-used-in-same-transaction',
    severity: 'high',
    line: statement.line,
    statement,
    detail: 'The statement uses an enum value that the same transaction adds: PostgreSQL refuses it until the value is committed.',
    fix: 'Put this statement into the next migration.',
  };
}

function unseenBodies({ unseen }: LintText): RuleHit[] {
  return unseen.map(({ line, statement, reason }) => ({
    rule: 'unseen-statement',
    severity: 'medium',
    line,
    statement,
    detail: `The block could not be looked into: ${reason}.`,
    fix: 'Write the statement out, outside a block, so that it can be examined.',
  }));
}
