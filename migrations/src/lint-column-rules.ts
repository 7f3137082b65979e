import { isAutoIncrementing } from './column-types.ts';
import { isProvenRequired, typeChangeOf } from './lint-known.ts';
import {
  alterCommands,
  columnConstraints,
  columnsOf,
  existingRelation,
  isKey,
  isSmallInteger,
  keyColumnsOf,
  typeOf,
} from './lint-nodes.ts';
import type { Rule, Verdict } from './lint-rule.ts';
import { isNode, namesOf, quoted, relationNames } from './nodes.ts';
import type { ParsedStatement, ParseNode } from './parser.ts';
import { script, sql } from './sql-text.ts';
import { keyBeside, keyOf, keyOfNames } from './schema-model.ts';

function addedColumns(parsed: ParsedStatement): ParseNode[] {
  return parsed.type === 'AlterTableStmt' ? columnsOf(parsed) : [];
}

function namesOfTarget({ node }: ParsedStatement): string[] {
  return isNode(node['relation']) ? relationNames(node['relation']) : [];
}

const autoIncrementingColumn: Rule = ({ parsed, created }) => {
  const relation = existingRelation(parsed, created);
  const column = addedColumns(parsed).find(
    (one) => isAutoIncrementing(one['typeName']) || columnConstraints(one).some((item) => item['contype'] === 'CONSTR_IDENTITY'),
  );
  if (relation === null || column === undefined) return null;
  const name = quoted([String(column['colname'])]);
  return {
    rule: 'adding-auto-incrementing-column',
    severity: 'high',
    detail: `Adding ${name} numbers every row: ${relation} is rewritten while nobody can read or write it.`,
    fix: `${script(sql`alter table ${namesOfTarget(parsed)} add column ${String(column['colname'])} bigint`)}\nGive new rows a number by a default, fill the old ones by a job, then make it the identity.`,
  };
};

const storedGeneratedColumn: Rule = ({ parsed, created }) => {
  const relation = existingRelation(parsed, created);
  const isStored = addedColumns(parsed).some((column) =>
    columnConstraints(column).some((item) => item['contype'] === 'CONSTR_GENERATED' && item['generated_kind'] !== 'v'),
  );
  return relation !== null && isStored
    ? {
        rule: 'stored-generated-column-on-existing-table',
        severity: 'high',
        detail: `Adding a stored generated column rewrites ${relation} while nobody can read or write it.`,
        fix: 'Add a plain nullable column, keep it current in the code or by a trigger, and fill it by a job; or make it virtual.',
      }
    : null;
};

const constrainedDomainColumn: Rule = ({ parsed, created, model }) => {
  const relation = existingRelation(parsed, created);
  if (relation === null) return null;
  return addedColumns(parsed).flatMap((column): Verdict[] => {
    const type = isNode(column['typeName']) ? namesOf(column['typeName']['names']) : [];
    if (model.domains.get(keyOfNames(type))?.isConstrained !== true) return [];
    return [
      {
        rule: 'adding-constrained-domain-column',
        severity: 'high',
        detail: `The domain ${quoted(type)} has a constraint: adding the column rewrites ${relation} while nobody can read or write it.`,
        fix: 'Add the column with the plain type and put the rule into a check constraint, not valid, validated in the next migration.',
      },
    ];
  });
};

const columnType: Rule = ({ parsed, created, model }) => {
  const relation = existingRelation(parsed, created);
  if (relation === null) return null;
  return alterCommands(parsed).flatMap((command): Verdict[] => {
    if (command['subtype'] !== 'AT_AlterColumnType') return [];
    const change = typeChangeOf(model, parsed.node['relation'], command);
    if (change === 'free') return [];
    const name = quoted([String(command['name'])]);
    if (change === 'checks-again') {
      return [
        {
          rule: 'changing-column-type',
          severity: 'medium',
          detail: `The new type of ${name} needs no rewrite, but a check constraint reads it: every row of ${relation} is checked again under the lock.`,
          fix: 'Drop the check in the same statement, add it again with not valid, and validate it in the next migration.',
        },
      ];
    }
    const why = change === 'unknown' ? 'may rewrite' : 'rewrites';
    return [
      {
        rule: 'changing-column-type',
        severity: 'high',
        detail: `Changing the type of ${name} ${why} ${relation} or its indexes while nobody can read or write it.${change === 'unknown' ? ' Its type so far is not known.' : ''}`,
        fix:
          change === 'unknown'
            ? 'Let the linter know the table: npx sanctum-ops migrate lint --database-url <url> or --schema <dump>. If the change is not free: add a column, write both, fill, move the reads.'
            : 'Add a column of the new type, write both, fill old rows by a job, move the reads, drop the old one later.',
      },
    ];
  });
};

const notNull: Rule = ({ parsed, created, model }) => {
  const relation = existingRelation(parsed, created);
  if (relation === null) return null;
  return alterCommands(parsed).flatMap((command): Verdict[] => {
    const columns = requiredBy(parsed, command, model).filter((column) => !isProvenRequired(model, parsed.node['relation'], column));
    return columns.map((column) => ({
      rule: 'adding-not-nullable-field',
      severity: 'high',
      detail: `Every row of ${relation} is read to prove that ${quoted([column])} has a value, while nobody can read or write the table.`,
      fix: checkedFirst(parsed.node['relation'], column),
    }));
  });
};

/** Columns that a command makes required: by its name, or because a primary key takes over their index. */
function requiredBy(parsed: ParsedStatement, command: ParseNode, model: Parameters<typeof isProvenRequired>[0]): string[] {
  if (command['subtype'] === 'AT_SetNotNull') return [String(command['name'])];
  const constraint = isNode(command['def']) ? command['def']['Constraint'] : undefined;
  if (command['subtype'] !== 'AT_AddConstraint' || !isNode(constraint)) return [];
  if (constraint['contype'] === 'CONSTR_NOTNULL') return constraint['skip_validation'] === true ? [] : namesOf(constraint['keys']);
  if (constraint['contype'] !== 'CONSTR_PRIMARY' || typeof constraint['indexname'] !== 'string') return [];
  const index = model.indexes.get(keyBeside(keyOf(parsed.node['relation']), constraint['indexname']));
  return (index?.columns ?? []).filter((column) => column !== null);
}

function checkedFirst(relation: unknown, column: string): string {
  const names = isNode(relation) ? relationNames(relation) : [];
  const name = `${column}_not_null`;
  return [
    script(sql`alter table ${names} add constraint ${name} check (${column} is not null) not valid`),
    '-- in the next migration:',
    script(sql`alter table ${names} validate constraint ${name}`),
    '-- in the one after:',
    script(sql`alter table ${names} alter column ${column} set not null`, sql`alter table ${names} drop constraint ${name}`),
  ].join('\n');
}

const smallKey: Rule = ({ parsed }) => {
  const keys = new Set(keyColumnsOf(parsed));
  const columns = columnsOf(parsed).filter((column) => isSmallInteger(column) && (isKey(column) || keys.has(String(column['colname']))));
  return columns.map((column) => {
    const name = quoted([String(column['colname'])]);
    const isArray = isNode(column['typeName']) && Array.isArray(column['typeName']['arrayBounds']);
    return {
      rule: 'small-key',
      severity: 'medium' as const,
      detail: `The key${isArray ? 's in' : ''} ${name} ${isArray ? 'are' : 'is a'} 32-bit or 16-bit integer${isArray ? 's' : ''}: at most 2,147,483,647.`,
      fix: `${name} bigint${isArray ? '[]' : ''}`,
    };
  });
};

const jsonColumn: Rule = ({ parsed }) =>
  columnsOf(parsed)
    .filter((column) => typeOf(column) === 'json')
    .map((column) => {
      const name = quoted([String(column['colname'])]);
      const isArray = isNode(column['typeName']) && Array.isArray(column['typeName']['arrayBounds']);
      return {
        rule: 'json-column',
        severity: 'low' as const,
        detail: `${name} is json: it has no equality, so distinct and group by fail.`,
        fix: `${name} jsonb${isArray ? '[]' : ''}`,
      };
    });

export const columnRules: readonly Rule[] = [
  autoIncrementingColumn,
  storedGeneratedColumn,
  constrainedDomainColumn,
  columnType,
  notNull,
  smallKey,
  jsonColumn,
];
