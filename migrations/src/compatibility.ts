import type { Directives } from './directives.ts';
import { createdTablesOf } from './lock-modes.ts';
import { isNode, relationName } from './nodes.ts';
import type { ParsedStatement, ParseNode, SqlParser } from './parser.ts';
import { splitStatements } from './statements.ts';

/** What a migration does to releases that are running while it is applied and after it. */
export interface Compatibility {
  /** Only releases that know this migration keep working; 0: all of them do. */
  readonly breaksBefore: number;
  readonly source: 'declared' | 'judged';
  /** What takes something away from running code, by its statements; also when the file promises the opposite. */
  readonly breaking: readonly Break[];
}

export interface Break {
  /** 1-based. */
  readonly line: number;
  readonly what: string;
  /** False where the statement is only not known to be harmless. */
  readonly isCertain: boolean;
}

/** The file's own promise, else a judgement of its statements: what is not known to be harmless counts as a break. */
export function compatibilityOf(parser: SqlParser, number: number, text: string, directives: Directives): Compatibility {
  const breaking = breaksOf(
    splitStatements(parser, text).statements.map((statement) => {
      const parsed = parser.parse(statement.text);
      return { line: statement.line, parsed: 'statements' in parsed ? parsed.statements : [] };
    }),
  );
  const declared = directives.compatibility;
  if (declared !== null) {
    const breaksBefore = declared.kind === 'expand' ? 0 : (declared.from ?? number);
    return { breaksBefore, source: 'declared', breaking };
  }
  return { breaksBefore: breaking.length === 0 ? 0 : number, source: 'judged', breaking };
}

/** Every statement of one file that takes something away, in order; tables created in the file are nobody's yet. */
export function breaksOf(statements: readonly { readonly line: number; readonly parsed: readonly ParsedStatement[] }[]): Break[] {
  const created = new Set<string>();
  return statements.flatMap(({ line, parsed }) =>
    parsed.flatMap((one) => {
      for (const name of createdTablesOf(one)) created.add(name);
      const found = breakOf(one, created);
      return found === null ? [] : [{ line, ...found }];
    }),
  );
}

/** Statements that only add: running code does not know what they bring. */
const adding: ReadonlySet<string> = new Set([
  'CreateStmt',
  'CreateTableAsStmt',
  'CreateSeqStmt',
  'CreateExtensionStmt',
  'CreateEnumStmt',
  'CompositeTypeStmt',
  'CreateDomainStmt',
  'CreateSchemaStmt',
  'CreateStatsStmt',
  'CommentStmt',
  'InsertStmt',
  'SelectStmt',
  'VacuumStmt',
  'ReindexStmt',
  'VariableSetStmt',
]);

const harmlessCommands: ReadonlySet<string> = new Set([
  'AT_SetStatistics',
  'AT_SetOptions',
  'AT_ResetOptions',
  'AT_SetRelOptions',
  'AT_ResetRelOptions',
  'AT_SetStorage',
  'AT_SetCompression',
  // What is validated was already enforced for every new row.
  'AT_ValidateConstraint',
]);

/** Constraints of a new column with which a row that does not name it is still accepted. */
const harmlessConstraints: ReadonlySet<string> = new Set([
  'CONSTR_NULL',
  'CONSTR_DEFAULT',
  'CONSTR_GENERATED',
  'CONSTR_IDENTITY',
  'CONSTR_CHECK',
  'CONSTR_FOREIGN',
  'CONSTR_ATTR_DEFERRABLE',
  'CONSTR_ATTR_NOT_DEFERRABLE',
  'CONSTR_ATTR_DEFERRED',
  'CONSTR_ATTR_IMMEDIATE',
]);
const filled: ReadonlySet<string> = new Set(['CONSTR_DEFAULT', 'CONSTR_GENERATED', 'CONSTR_IDENTITY']);

type Found = Omit<Break, 'line'>;
const certain = (what: string): Found => ({ what, isCertain: true });
const perhaps = (what: string): Found => ({ what, isCertain: false });

function breakOf({ type, node }: ParsedStatement, created: ReadonlySet<string>): Found | null {
  if (adding.has(type) || isOn(node['relation'], created)) return null;
  switch (type) {
    case 'IndexStmt':
      return node['unique'] === true ? perhaps('makes a unique index, which may refuse rows that running code writes') : null;
    case 'GrantStmt':
      return node['is_grant'] === true ? null : certain('takes a privilege away');
    case 'AlterEnumStmt':
      return typeof node['oldVal'] === 'string' ? certain('renames an enum value') : null;
    case 'ViewStmt':
    case 'CreateFunctionStmt':
      return node['replace'] === true ? perhaps('replaces what running code may call') : null;
    case 'AlterTableStmt':
      return brokenByAlter(node);
    case 'DropStmt':
      return node['removeType'] === 'OBJECT_INDEX' ? perhaps('drops an index') : certain('drops what running code may use');
    case 'RenameStmt':
      return certain('renames what running code may use');
    default:
      return perhaps(`is a ${type}, which is not known to leave running code alone`);
  }
}

function isOn(relation: unknown, created: ReadonlySet<string>): boolean {
  return isNode(relation) && created.has(relationName(relation));
}

const certainCommands: ReadonlySet<string> = new Set([
  'AT_DropColumn',
  'AT_SetNotNull',
  'AT_AlterColumnType',
  'AT_DropIdentity',
  'AT_DropExpression',
]);

function brokenByAlter(node: ParseNode): Found | null {
  const commands = Array.isArray(node['cmds']) ? node['cmds'] : [];
  for (const wrapped of commands) {
    const command = isNode(wrapped) && isNode(wrapped['AlterTableCmd']) ? wrapped['AlterTableCmd'] : {};
    const subtype = String(command['subtype']);
    if (harmlessCommands.has(subtype)) continue;
    if (subtype === 'AT_ColumnDefault' && command['def'] !== undefined) continue;
    if (subtype === 'AT_AddColumn') {
      const reason = brokenByColumn(command['def']);
      if (reason === null) continue;
      return reason;
    }
    const what = `does "${subtype
      .replace('AT_', '')
      .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
      .toLowerCase()}" on an existing table`;
    return certainCommands.has(subtype) ? certain(what) : perhaps(what);
  }
  return null;
}

function brokenByColumn(def: unknown): Found | null {
  const column = isNode(def) && isNode(def['ColumnDef']) ? def['ColumnDef'] : {};
  const kinds = (Array.isArray(column['constraints']) ? column['constraints'] : []).map((item: unknown) =>
    isNode(item) && isNode(item['Constraint']) ? String(item['Constraint']['contype']) : 'unknown',
  );
  const others = kinds.filter((kind) => !harmlessConstraints.has(kind));
  if (others.length === 0) return null;
  const isFilled = kinds.some((kind) => filled.has(kind));
  if (others.every((kind) => kind === 'CONSTR_NOTNULL') && isFilled) return null;
  const what = 'adds a column that rows written by running code do not fill';
  return others.includes('CONSTR_NOTNULL') && !isFilled ? certain(what) : perhaps(what);
}
