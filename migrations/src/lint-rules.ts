import { destructionOf } from './destruction.ts';
import { createdIndexOf } from './half-applied.ts';
import {
  alterCommands,
  columnsOf,
  constraintType,
  existingRelation,
  isKey,
  isSmallInteger,
  nestedStatements,
  outsideTransaction,
  tableOf,
  typeOf,
} from './lint-nodes.ts';
import type { LintStatement, LintText } from './lint-text.ts';
import { createdTablesOf, locksOf } from './lock-modes.ts';
import type { ParsedStatement } from './parser.ts';
import type { Severity } from './types.ts';

export interface RuleHit {
  readonly rule: string;
  readonly severity: Severity;
  /** 1-based. */
  readonly line: number;
  readonly statement: LintStatement;
  readonly detail: string;
  readonly fix: string;
}

/** What a rule sees: one parsed statement and what came before it in the same file. */
interface Seen {
  readonly statement: LintStatement;
  readonly parsed: ParsedStatement;
  readonly noTransaction: boolean;
  /** Tables created earlier in the file: empty and invisible to others, so most dangers do not apply. */
  readonly created: ReadonlySet<string>;
}

interface Verdict {
  readonly rule: string;
  readonly severity: Severity;
  readonly detail: string;
  readonly fix: string;
}

type Rule = (seen: Seen) => Verdict | null | readonly Verdict[];

/** Our own rules, applied to every statement of the file and of the bodies in it. */
export function ownFindings(text: LintText): RuleHit[] {
  const hits: RuleHit[] = [];
  const created = new Set<string>();
  const noTransaction = text.directives.noTransaction;
  for (const statement of text.statements) {
    if (statement.error !== null) hits.push(syntaxError(statement));
    for (const parsed of statement.parsed) {
      const inner = statement.within === 'function' ? bodyRules : statementRules;
      for (const rule of inner) {
        const verdicts = [rule({ statement, parsed, noTransaction, created }) ?? []].flat();
        hits.push(
          ...verdicts.map((verdict) => ({ ...verdict, line: statement.line, statement, severity: softened(verdict.severity, statement) })),
        );
      }
      if (statement.within !== 'function') for (const name of createdTablesOf(parsed)) created.add(name);
    }
  }
  return hits;
}

/** A function's body runs when somebody calls it, not with the migration. */
function softened(severity: Severity, { within }: LintStatement): Severity {
  if (within !== 'function') return severity;
  return severity === 'critical' ? 'high' : severity === 'high' ? 'medium' : 'low';
}

function syntaxError(statement: LintStatement): RuleHit {
  const { error } = statement;
  const offset = error?.offset ?? null;
  const line = offset === null ? statement.line : statement.line + statement.text.slice(0, offset).split('\n').length - 1;
  const verdict = {
    rule: 'syntax-error',
    severity: 'critical' as const,
    detail: `PostgreSQL's parser refuses the statement: ${error?.message ?? 'unknown reason'}.`,
    fix: 'Correct the statement; every other statement of the file was examined.',
  };
  return { ...verdict, line, statement };
}

const destructive: Rule = ({ parsed, created }) => {
  return [parsed, ...nestedStatements(parsed)].flatMap((candidate) => {
    const found = destructionOf(candidate);
    if (found === null || (found.relation !== null && created.has(found.relation))) return [];
    return [{ rule: found.rule, severity: found.severity, detail: `The statement ${found.what}.`, fix: found.fix }];
  });
};

const dropCascade: Rule = ({ parsed }) =>
  parsed.type === 'DropStmt' && parsed.node['behavior'] === 'DROP_CASCADE'
    ? {
        rule: 'drop-cascade',
        severity: 'high',
        detail: 'The statement drops whatever depends on its object, unseen by the reader.',
        fix: 'Name each dependent object in its own statement and leave cascade out.',
      }
    : null;

const needsNoTransaction: Rule = ({ parsed, noTransaction, statement }) => {
  const what = outsideTransaction(parsed);
  if (what === null || (noTransaction && statement.within === 'file')) return null;
  return {
    rule: 'needs-no-transaction',
    severity: 'high',
    detail: `${what} cannot run inside a transaction, so this migration fails.`,
    fix: 'Put it alone into a migration whose first line is: -- sanctum: no-transaction',
  };
};

const concurrentIndexName: Rule = ({ parsed }) => {
  if (parsed.type !== 'IndexStmt' || parsed.node['concurrent'] !== true) return null;
  if (createdIndexOf(parsed) === null) {
    return {
      rule: 'unnamed-concurrent-index',
      severity: 'high',
      detail: 'The index has no name, so an interrupted build could not be found again.',
      fix: `Name it: create index concurrently idx_${tableOf(parsed.node)}_… on ${tableOf(parsed.node)} (…);`,
    };
  }
  return parsed.node['if_not_exists'] === true
    ? {
        rule: 'if-not-exists-hides-invalid-index',
        severity: 'high',
        detail: 'After an interrupted build the invalid index exists, and this statement then does nothing and counts as done.',
        fix: 'Leave if not exists out: the runner finds and drops an invalid leftover itself.',
      }
    : null;
};

const exclusionConstraint: Rule = ({ parsed, created }) => {
  const relation = existingRelation(parsed, created);
  return relation !== null && alterCommands(parsed).some((command) => constraintType(command) === 'CONSTR_EXCLUSION')
    ? {
        rule: 'exclusion-constraint-on-existing-table',
        severity: 'high',
        detail: `Adding an exclusion constraint builds its index while nobody can read or write ${relation}; there is no online way.`,
        fix: `Plan a window, or create a new table with the constraint and move the rows of ${relation} by a job.`,
      }
    : null;
};

const storedGeneratedColumn: Rule = ({ parsed, created }) => {
  const relation = existingRelation(parsed, created);
  const isStored = alterCommands(parsed).some((command) => {
    if (command['subtype'] !== 'AT_AddColumn') return false;
    const definition = JSON.stringify(command['def'] ?? {});
    return definition.includes('CONSTR_GENERATED') && !definition.includes('"generated_kind":"v"');
  });
  return relation !== null && isStored
    ? {
        rule: 'stored-generated-column-on-existing-table',
        severity: 'high',
        detail: `Adding a stored generated column rewrites ${relation} while nobody can read or write it.`,
        fix: 'Add a plain nullable column, keep it current in the code or by a trigger, and fill it by a job.',
      }
    : null;
};

const disabledTrigger: Rule = ({ parsed }) =>
  alterCommands(parsed).some((command) => String(command['subtype']).startsWith('AT_DisableTrig'))
    ? {
        rule: 'disabled-trigger',
        severity: 'high',
        detail: `A trigger of ${tableOf(parsed.node)} is switched off; foreign keys are triggers too.`,
        fix: 'Leave triggers on. If a bulk change needs it: enable them in the same migration, after it.',
      }
    : null;

const blockingMaintenance: Rule = ({ parsed }) => {
  const isRefresh = parsed.type === 'RefreshMatViewStmt' && parsed.node['concurrent'] !== true;
  const isFull = parsed.type === 'VacuumStmt' && JSON.stringify(parsed.node['options'] ?? []).includes('"full"');
  if (!isRefresh && !isFull && parsed.type !== 'ClusterStmt') return null;
  return {
    rule: 'blocking-maintenance',
    severity: 'high',
    detail: 'The statement rewrites its relation while nobody can read it.',
    fix: isRefresh
      ? 'refresh materialized view concurrently …; (it needs a unique index), from a job.'
      : 'Leave it to autovacuum, or plan a window; it is not a migration.',
  };
};

const smallKey: Rule = ({ parsed }) => {
  const columns = columnsOf(parsed).filter((column) => isSmallInteger(column) && isKey(column));
  return columns.map((column) => ({
    rule: 'small-key',
    severity: 'medium' as const,
    detail: `The key ${String(column['colname'])} is a 32-bit or 16-bit integer: it ends at 2,147,483,647 or earlier.`,
    fix: `${String(column['colname'])} bigint`,
  }));
};

const jsonColumn: Rule = ({ parsed }) =>
  columnsOf(parsed)
    .filter((column) => typeOf(column) === 'json')
    .map((column) => ({
      rule: 'json-column',
      severity: 'low' as const,
      detail: `${String(column['colname'])} is json: it has no equality, so distinct and group by fail.`,
      fix: `${String(column['colname'])} jsonb`,
    }));

const sessionSetting: Rule = ({ parsed, noTransaction }) =>
  parsed.type === 'VariableSetStmt' && parsed.node['is_local'] !== true && !noTransaction
    ? {
        rule: 'session-setting',
        severity: 'medium',
        detail: `The setting ${String(parsed.node['name'])} outlives this migration and changes the next ones.`,
        fix: `set local ${String(parsed.node['name'])} = …; for time limits use the directive: -- sanctum: lock-timeout 2s`,
      }
    : null;

const transactionControl: Rule = ({ parsed }) =>
  parsed.type === 'TransactionStmt'
    ? {
        rule: 'transaction-control',
        severity: 'high',
        detail: 'The migration begins or ends a transaction itself: the runner refuses it.',
        fix: 'Remove begin and commit: each file runs in one transaction.',
      }
    : null;

const lockInDoBlock: Rule = ({ parsed, statement, created }) => {
  if (statement.within !== 'do') return null;
  const lock = locksOf(parsed).find((candidate) => candidate.mode === 'ACCESS EXCLUSIVE' && !created.has(candidate.relation));
  return lock === undefined
    ? null
    : {
        rule: 'lock-in-do-block',
        severity: 'high',
        detail: `Inside the block ${lock.relation} is locked ${lock.mode} until the whole block is done.`,
        fix: 'Write the statement in a migration of its own, outside a block.',
      };
};

const statementRules: readonly Rule[] = [
  destructive,
  dropCascade,
  needsNoTransaction,
  concurrentIndexName,
  exclusionConstraint,
  storedGeneratedColumn,
  disabledTrigger,
  blockingMaintenance,
  smallKey,
  jsonColumn,
  sessionSetting,
  transactionControl,
  lockInDoBlock,
];
const bodyRules: readonly Rule[] = [destructive, dropCascade];
