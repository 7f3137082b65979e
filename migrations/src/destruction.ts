import { isNode, namesOf, quoted, relationName } from './nodes.ts';
import type { ParsedStatement, ParseNode } from './parser.ts';
import type { Severity } from './types.ts';

export interface Destruction {
  /** Name of the lint rule. */
  readonly rule: string;
  readonly severity: Severity;
  /** `drops the table posts`. */
  readonly what: string;
  /** The relation that loses data, null when it is not one relation. */
  readonly relation: string | null;
  readonly fix: string;
}

const droppedKinds: Readonly<Record<string, { rule: string; severity: Severity; noun: string }>> = {
  OBJECT_TABLE: { rule: 'drop-table', severity: 'critical', noun: 'table' },
  OBJECT_SCHEMA: { rule: 'drop-schema', severity: 'critical', noun: 'schema' },
  OBJECT_MATVIEW: { rule: 'drop-materialized-view', severity: 'medium', noun: 'materialized view' },
  OBJECT_SEQUENCE: { rule: 'drop-sequence', severity: 'high', noun: 'sequence' },
  OBJECT_TYPE: { rule: 'drop-type', severity: 'high', noun: 'type' },
  OBJECT_EXTENSION: { rule: 'drop-extension', severity: 'high', noun: 'extension' },
};

/** What one statement destroys, or null. A drop is written as data loss, because no later migration brings rows back. */
export function destructionOf({ type, node }: ParsedStatement): Destruction | null {
  switch (type) {
    case 'DropStmt':
      return dropped(node);
    case 'DropdbStmt':
      return {
        rule: 'drop-database',
        severity: 'critical',
        what: `drops the database ${String(node['dbname'])}`,
        relation: null,
        fix: 'A migration never drops a database: remove the statement.',
      };
    case 'AlterTableStmt':
      return droppedColumn(node);
    case 'TruncateStmt':
      return truncated(node);
    case 'DeleteStmt':
      return withoutWhere(node, 'delete');
    case 'UpdateStmt':
      return withoutWhere(node, 'update');
    default:
      return null;
  }
}

function dropped(node: ParseNode): Destruction | null {
  const kind = droppedKinds[String(node['removeType'])];
  if (kind === undefined || !Array.isArray(node['objects'])) return null;
  const names = node['objects'].map(objectName);
  const isTable = kind.rule === 'drop-table';
  return {
    rule: kind.rule,
    severity: kind.severity,
    what: `drops the ${kind.noun} ${names.join(', ')}`,
    relation: isTable ? (names[0] ?? null) : null,
    fix: isTable
      ? `Deploy code that no longer reads ${names.join(', ')}, keep a verified backup, then waive this finding with owner and expiry. To keep the rows at hand, rename it instead.`
      : `Make sure that nothing uses ${names.join(', ')}, then waive this finding with owner and expiry.`,
  };
}

function objectName(item: unknown): string {
  if (!isNode(item)) return 'an object';
  if (isNode(item['List'])) return quoted(namesOf(item['List']['items']));
  if (isNode(item['TypeName'])) return quoted(namesOf(item['TypeName']['names']));
  const own = namesOf([item]);
  return own.length === 0 ? 'an object' : quoted(own);
}

function droppedColumn(node: ParseNode): Destruction | null {
  if (!Array.isArray(node['cmds']) || !isNode(node['relation'])) return null;
  const columns = node['cmds'].flatMap((wrapped: unknown) => {
    const command = isNode(wrapped) && isNode(wrapped['AlterTableCmd']) ? wrapped['AlterTableCmd'] : {};
    return command['subtype'] === 'AT_DropColumn' ? [String(command['name'])] : [];
  });
  if (columns.length === 0) return null;
  const relation = relationName(node['relation']);
  return {
    rule: 'drop-column',
    severity: 'critical',
    what: `drops ${columns.map((column) => `${relation}.${quoted([column])}`).join(', ')}`,
    relation,
    fix: `Release code that no longer names ${columns.join(', ')} first; drop it one release later, with a verified backup and a waiver with owner and expiry.`,
  };
}

function truncated(node: ParseNode): Destruction | null {
  const relations = Array.isArray(node['relations']) ? node['relations'] : [];
  const names = relations.flatMap((item: unknown) => (isNode(item) && isNode(item['RangeVar']) ? [relationName(item['RangeVar'])] : []));
  const cascade = node['behavior'] === 'DROP_CASCADE' ? ' and every table that references it' : '';
  return {
    rule: 'truncate',
    severity: 'critical',
    what: `removes every row of ${names.join(', ')}${cascade}`,
    relation: names[0] ?? null,
    fix: `Remove the statement; delete what is really obsolete from ${names.join(', ')} by a job, in batches.`,
  };
}

function withoutWhere(node: ParseNode, verb: 'delete' | 'update'): Destruction | null {
  if (narrows(node['whereClause']) || !isNode(node['relation'])) return null;
  const relation = relationName(node['relation']);
  return {
    rule: `${verb}-without-where`,
    severity: verb === 'delete' ? 'critical' : 'high',
    what: `${verb}s every row of ${relation}`,
    relation,
    fix: `Write which rows: ${verb === 'delete' ? `delete from ${relation} where …;` : `update ${relation} set … where …;`} Large amounts belong into a job, in batches.`,
  };
}

/** False for no condition and for one that is always true. */
function narrows(condition: unknown): boolean {
  if (!isNode(condition)) return false;
  const constant = condition['A_Const'];
  const isTrue = isNode(constant) && isNode(constant['boolval']) && constant['boolval']['boolval'] === true;
  const comparison = condition['A_Expr'];
  const sides = isNode(comparison) ? [comparison['lexpr'], comparison['rexpr']] : [];
  const isConstant = sides.length === 2 && sides.every((side) => isNode(side) && isNode(side['A_Const']));
  return !isTrue && !isConstant;
}
