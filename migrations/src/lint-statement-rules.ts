import { destructionOf } from './destruction.ts';
import { createdIndexOf } from './half-applied.ts';
import { alterCommands, constraintType, existingRelation, nestedStatements, outsideTransaction, tableOf } from './lint-nodes.ts';
import type { Rule } from './lint-rule.ts';
import { locksOf } from './lock-modes.ts';
import { plainName } from './nodes.ts';
import { isFullVacuum } from './statement-options.ts';

const destructive: Rule = ({ parsed, created }) => {
  return [parsed, ...nestedStatements(parsed)].flatMap((candidate) => {
    const found = destructionOf(candidate);
    if (found === null || (found.relation !== null && created.has(plainName(found.relation)))) return [];
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
  const isFull = isFullVacuum(parsed);
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
  const lock = locksOf(parsed).find((candidate) => candidate.mode === 'ACCESS EXCLUSIVE' && !created.has(plainName(candidate.relation)));
  return lock === undefined
    ? null
    : {
        rule: 'lock-in-do-block',
        severity: 'high',
        detail: `Inside the block ${lock.relation} is locked ${lock.mode} until the whole block is done.`,
        fix: 'Write the statement in a migration of its own, outside a block.',
      };
};

export const statementRules: readonly Rule[] = [
  destructive,
  dropCascade,
  needsNoTransaction,
  concurrentIndexName,
  exclusionConstraint,
  disabledTrigger,
  blockingMaintenance,
  sessionSetting,
  transactionControl,
  lockInDoBlock,
];
/** What a function's body does when somebody calls it. */
export const bodyRules: readonly Rule[] = [destructive, dropCascade];
