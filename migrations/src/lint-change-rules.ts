import { alterCommands, existingRelation, tableOf } from './lint-nodes.ts';
import type { Rule, Verdict } from './lint-rule.ts';
import { locksOf } from './lock-modes.ts';
import { isNode, namesOf, plainName, quoted, relationName } from './nodes.ts';
import { keyOf } from './schema-model.ts';

const renamedKinds: Readonly<Record<string, { rule: string; noun: string; fix: string }>> = {
  OBJECT_TABLE: {
    rule: 'renaming-table',
    noun: 'table',
    fix: 'Create a view with the old name in the same migration, or move readers step by step.',
  },
  OBJECT_COLUMN: {
    rule: 'renaming-column',
    noun: 'column',
    fix: 'Add a column with the new name, write both, fill old rows by a job, move the reads, drop the old one later.',
  },
  OBJECT_VIEW: { rule: 'renaming-view', noun: 'view', fix: 'Create a view with the new name, move the readers, drop the old one later.' },
  OBJECT_MATVIEW: {
    rule: 'renaming-view',
    noun: 'materialized view',
    fix: 'Create one with the new name, move the readers, drop the old one later.',
  },
  OBJECT_SCHEMA: {
    rule: 'renaming-schema',
    noun: 'schema',
    fix: 'Create a schema with the new name and views in it, move the readers, then move the tables.',
  },
  OBJECT_TYPE: {
    rule: 'renaming-type',
    noun: 'type',
    fix: 'Leave the name; clients and functions that name it fail the moment it changes.',
  },
  OBJECT_ATTRIBUTE: { rule: 'renaming-column', noun: 'attribute', fix: 'Add an attribute with the new name and move the readers first.' },
};

const renamed: Rule = ({ parsed, created }) => {
  if (parsed.type !== 'RenameStmt') return null;
  const { node } = parsed;
  const kind = renamedKinds[String(node['renameType'])];
  const isNew = isNode(node['relation']) && created.has(plainName(relationName(node['relation'])));
  if (kind === undefined || isNew) return null;
  const from = quoted([String(node['subname'] ?? (isNode(node['relation']) ? node['relation']['relname'] : 'it'))]);
  return {
    rule: kind.rule,
    severity: 'high',
    detail: `The ${kind.noun} ${from} is renamed: code that is running still names it, and fails from the commit on.`,
    fix: kind.fix,
  };
};

const renamedEnumValue: Rule = ({ parsed }) =>
  parsed.type === 'AlterEnumStmt' && typeof parsed.node['oldVal'] === 'string'
    ? {
        rule: 'renaming-enum-value',
        severity: 'high',
        detail: `A value of the type ${quoted(namesOf(parsed.node['typeName']))} is renamed: running code still writes and compares the old one, and fails.`,
        fix: 'Add the new value, release code that writes it and reads both, change the rows by a job, and leave the old value unused.',
      }
    : null;

const moved: Rule = ({ parsed, created }) => {
  if (
    parsed.type !== 'AlterObjectSchemaStmt' ||
    !['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_TYPE'].includes(String(parsed.node['objectType']))
  ) {
    return null;
  }
  if (isNode(parsed.node['relation']) && existingRelation(parsed, created) === null) return null;
  return {
    rule: 'moving-to-schema',
    severity: 'high',
    detail: `${tableOf(parsed.node)} leaves its schema: code that is running still names it there, and fails from the commit on.`,
    fix: 'Create a view with the old name in the same migration, or move readers step by step.',
  };
};

const rewrites: Readonly<Record<string, string>> = {
  AT_SetLogged: 'set logged',
  AT_SetUnLogged: 'set unlogged',
  AT_SetTableSpace: 'set tablespace',
  AT_SetAccessMethod: 'set access method',
};

const rewrite: Rule = ({ parsed, created }) => {
  const relation = existingRelation(parsed, created);
  const what = alterCommands(parsed).flatMap((command) => rewrites[String(command['subtype'])] ?? [])[0];
  return relation !== null && what !== undefined
    ? {
        rule: 'table-rewrite',
        severity: 'high',
        detail: `"${what}" copies ${relation} as a whole while nobody can read or write it.`,
        fix: `Plan a window, or create a new table, move the rows of ${relation} by a job, and switch over.`,
      }
    : null;
};

const explicitLock: Rule = ({ parsed, created }) => {
  if (parsed.type !== 'LockStmt') return null;
  return locksOf(parsed)
    .filter((lock) => (lock.blocks === 'writes' || lock.blocks === 'reads and writes') && !created.has(plainName(lock.relation)))
    .map((lock) => ({
      rule: 'explicit-lock',
      severity: lock.blocks === 'writes' ? ('medium' as const) : ('high' as const),
      detail: `${lock.relation} is locked ${lock.mode} until the file commits: it blocks ${lock.blocks}.`,
      fix: 'Leave the lock out: each statement takes the lock it needs. To guard against other runners, the migration lock is held already.',
    }));
};

const rowSecurity: Rule = ({ parsed, created, model }) => {
  const relation = existingRelation(parsed, created);
  if (relation === null || !alterCommands(parsed).some((command) => command['subtype'] === 'AT_EnableRowSecurity')) return null;
  if ((model.tables.get(keyOf(parsed.node['relation']))?.policies ?? 0) > 0) return null;
  return {
    rule: 'enabling-row-security',
    severity: 'high',
    detail: `Row security is switched on for ${relation} and no policy is known: everybody but its owner sees no row from the commit on.`,
    fix: `Create the policies before it, in the same migration: create policy … on ${relation} using (…);`,
  };
};

const attachedPartition: Rule = ({ parsed, created, model }) => {
  return alterCommands(parsed).flatMap((command): Verdict[] => {
    const partition = isNode(command['def']) ? command['def']['PartitionCmd'] : undefined;
    if (command['subtype'] !== 'AT_AttachPartition' || !isNode(partition) || !isNode(partition['name'])) return [];
    const name = relationName(partition['name']);
    const table = model.tables.get(keyOf(partition['name']));
    const isProven = [...(table?.constraints.values() ?? [])].some(({ kind, isValidated }) => kind === 'check' && isValidated);
    if (created.has(plainName(name)) || isProven) return [];
    return [
      {
        rule: 'attaching-unchecked-partition',
        severity: 'high',
        detail: `Every row of ${name} is read under a lock to prove that it belongs into the partition.`,
        fix: `Before it: alter table ${name} add constraint … check (… the bounds of the partition …) not valid; in the next migration: alter table ${name} validate constraint …; then attach.`,
      },
    ];
  });
};

const unboundedCopy: Rule = ({ parsed, created }) => {
  if (parsed.type !== 'InsertStmt' || existingRelation(parsed, created) === null || !isNode(parsed.node['selectStmt'])) return null;
  const select = parsed.node['selectStmt']['SelectStmt'];
  if (!isNode(select) || !Array.isArray(select['fromClause'])) return null;
  const source: unknown = select['fromClause'][0];
  const range = isNode(source) && isNode(source['RangeVar']) ? source['RangeVar'] : null;
  const isBounded = select['whereClause'] !== undefined || select['limitCount'] !== undefined;
  if (range === null || isBounded || created.has(plainName(relationName(range)))) return null;
  return {
    rule: 'unbounded-write',
    severity: 'medium',
    detail: `Every row of ${relationName(range)} is copied in one transaction: locks and dead rows stay until the last one is done.`,
    fix: 'Fill large tables by a job, in batches, after the migration.',
  };
};

export const changeRules: readonly Rule[] = [
  renamed,
  renamedEnumValue,
  moved,
  rewrite,
  explicitLock,
  rowSecurity,
  attachedPartition,
  unboundedCopy,
];
